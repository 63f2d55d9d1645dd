/** How a mail server is reached, from an address such as `smtps://user:password@mail.example.org:465?insecure=1`. */
export function smtpServer(text: string, timeoutMs: number, socketTimeoutMs = timeoutMs) {
  const { hostname, port, protocol, username, password, searchParams } = new URL(text)
  const secure = protocol === 'smtps:'
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...(searchParams.get('insecure') === '1' ? { tls: { rejectUnauthorized: false } } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: socketTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as const
}
