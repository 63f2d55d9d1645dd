/** Words of signing in. */
export const session = {
  'session.title': '登录',
  'session.choose-post': '选择一个岗位进入',
  'session.demonstration-help': '这是演示系统：无需口令，任选一个岗位，以该岗位的权限操作。数据均为虚构，请勿录入真实信息。',
  'session.filter': '按单位或岗位筛选',
  'session.none-found': '没有符合“{text}”的岗位',
  'session.enter-as': '以 {post} 进入',
  'session.name': '登录名',
  'session.password': '口令',
  'session.sign-in': '登录',
  'session.passkey': '使用通行密钥登录',
  'session.passkey-stopped': '没有使用通行密钥',
  'session.which-post': '您任多个岗位，以哪个岗位登录？',
  'session.tagline': '谁对谁负有什么责任，何时到期，依据何条，结果如何',
} as const
