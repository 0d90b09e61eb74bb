/** How many of something a test takes: `few` of what costs minutes, `all` where MULTIPRIZE_LONG asks for full length. */
export function atLength(few: number, all: number): number {
  return process.env.MULTIPRIZE_LONG ? all : few;
}
