/** Why a file system refused, in Node's words without the path, for messages that name it already. */
export function refusalOf({message}: Error): string {
  return message.replace(/, \w+( '.*)?$/, "");
}
