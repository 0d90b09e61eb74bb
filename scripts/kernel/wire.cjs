// Messages of Jupyter's protocol as they lie in ZeroMQ's frames:
//   identities … | <IDS|MSG> | signature | header | parent | metadata | content | buffers …
// tslab counts the buffers into the signature, which the protocol does not, and would send them as JSON.
const {createHmac, randomUUID} = require("node:crypto");

const delimiter = Buffer.from("<IDS|MSG>");
const session = randomUUID();

function signatureOf(parts, key) {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/** The type of a message, of which nothing else is read; undefined where the frames are none. */
function typeOf(frames) {
  const at = frames.findIndex(frame => frame.equals(delimiter));
  return at >= 0 && frames.length >= at + 6 ? JSON.parse(frames[at + 2]).msg_type : undefined;
}

/** The message in these frames. Error for a wrong signature. */
function readMessage(frames, key) {
  const at = frames.findIndex(frame => frame.equals(delimiter));
  const [signature, ...parts] = frames.slice(at + 1, at + 6);
  if (signature.toString() !== signatureOf(parts, key)) throw new Error("a message with a wrong signature");
  const [header, parent, metadata, content] = parts.map(part => JSON.parse(part));
  return {identities: frames.slice(0, at), header, parent, metadata, content, buffers: frames.slice(at + 6)};
}

/** The frames of a message. Buffers are copied: ZeroMQ sends them later, and their owner may overwrite them meanwhile. */
function framesOf({type, content, parent = {}, metadata = {}, buffers = [], identities = []}, key) {
  const date = new Date().toISOString();
  const header = {msg_id: randomUUID(), msg_type: type, session, username: "kernel", version: "5.3", date};
  const parts = [header, parent, metadata, content].map(part => JSON.stringify(part));
  const copies = buffers.map(({buffer, byteOffset, byteLength}) =>
    Buffer.from(Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength)).buffer),
  );
  return [...identities, delimiter, signatureOf(parts, key), ...parts, ...copies];
}

module.exports = {framesOf, readMessage, typeOf};
