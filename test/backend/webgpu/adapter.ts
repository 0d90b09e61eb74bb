import {existsSync} from "node:fs";
import type {TestContext} from "node:test";
import {useBackend} from "../../../src/backend/backend";

/** Chromium's Vulkan in software, where Debian's packages put it. */
const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";

let lacking: Promise<string | undefined> | undefined;

/** Computes on WebGPU from here on, in software if need be; a test where that cannot be is skipped, with the reason. */
export async function onWebgpu(context: TestContext): Promise<boolean> {
  lacking ??= take();
  const reason = await lacking;
  if (reason !== undefined) context.skip(`NO WEBGPU HERE: ${reason}`);
  else await useBackend("webgpu");
  return reason === undefined;
}

async function take(): Promise<string | undefined> {
  process.env.MULTIPRIZE_WEBGPU = "software";
  if (existsSync(swiftShader)) process.env.VK_ICD_FILENAMES ??= swiftShader;
  try {
    await useBackend("webgpu");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
