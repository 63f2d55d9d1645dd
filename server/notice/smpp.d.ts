/** What we use of the package, which brings no types. */
declare module 'smpp' {
  import type { Socket } from 'node:net'
  export type Message = { readonly udh?: Buffer; readonly message: string | Buffer }
  export type Pdu = {
    readonly command: string
    readonly command_status: number
    readonly message_id?: string
    readonly esm_class?: number
    readonly source_addr?: string
    readonly destination_addr?: string
    /** As it comes in, the header is a list of its elements. */
    readonly short_message?: { readonly udh?: readonly Buffer[]; readonly message: string | Buffer }
    readonly message_payload?: Message
    readonly receipted_message_id?: string
    readonly message_state?: number
    readonly registered_delivery?: number
    readonly system_id?: string
    readonly password?: string
    response(fields?: Readonly<Record<string, unknown>>): Pdu
  }
  export class Session {
    readonly socket: Socket
    on(event: string, hear: (given: never) => void): this
    send(pdu: Pdu, answered?: (pdu: Pdu) => void): boolean
    close(done?: () => void): void
    destroy(done?: () => void): void
    bind_transceiver(fields: Readonly<Record<string, unknown>>, answered: (pdu: Pdu) => void): boolean
    submit_sm(fields: Readonly<Record<string, unknown>>, answered: (pdu: Pdu) => void): boolean
    deliver_sm(fields: Readonly<Record<string, unknown>>, answered?: (pdu: Pdu) => void): boolean
    enquire_link(answered?: (pdu: Pdu) => void): boolean
    unbind(answered?: (pdu: Pdu) => void): boolean
  }
  type Options = { readonly host?: string; readonly port?: number; readonly tls?: boolean }
  const smpp: {
    connect(options: Options): Session
    createServer(taken: (session: Session) => void): {
      listen(port: number, host: string, done: () => void): void
      close(done?: () => void): void
      address(): { port: number }
    }
    readonly ESME_ROK: number
    readonly ESME_RBINDFAIL: number
    readonly ESME_RTHROTTLED: number
    readonly ESME_RMSGQFUL: number
    readonly ESME_RSUBMITFAIL: number
  }
  export default smpp
}
