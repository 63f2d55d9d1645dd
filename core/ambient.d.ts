/** What every place that core runs in has, and the library of the language alone does not name. */
declare class TextEncoder {
  encodeInto(text: string, into: Uint8Array): { readonly read: number; readonly written: number }
}
