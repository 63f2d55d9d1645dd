/** What `muster verify` finds. */
export const finding = {
  'verify.malformed': '该行格式错误',
  'verify.gap': '序号或版本有缺口',
  'verify.duplicate': '重复',
  'verify.out-of-order': '次序颠倒',
  'verify.other-incident': '属于另一起突发事件',
  'verify.proof-wrong': '包含证明不成立',
  'verify.truncated': '文件不全',
  'verify.count-differs': '行数与自述不符',
  'verify.uncovered': '超出检查点',
  'verify.altered': '内容被改（根不符，无法指明行）',
  'verify.signature-wrong': '没有本钥的正确签名',
  'verify.origin-differs': '日志名称不一致',
  'verify.unknown-key': '不是所期望的公钥',
  'verify.unchecked': '超出上限，未核验',
  'verify.more': '另有其他问题',
} as const
