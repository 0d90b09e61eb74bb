/** The files of the binary CIFAR-10, in reading order: five to train, one to test. */
export const cifar10Files = [
  "data_batch_1.bin",
  "data_batch_2.bin",
  "data_batch_3.bin",
  "data_batch_4.bin",
  "data_batch_5.bin",
  "test_batch.bin",
] as const;

/** What is known about the official archive; its page publishes the md5 c32a1d4ab5d03f1284b67883e8d87530. */
export const officialArchive: {readonly url: string; readonly sha256: string} = {
  url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
};

/** sha256 of each of `cifar10Files`. */
export const fingerprints: {readonly [name: string]: readonly string[]} = {
  cifar10: [
    "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
  ],
  "cifar10-jpeg": [
    "eb859650710f7944295717ae496a69906b5fd10e840f905055bfea69812847de",
    "9c23c823a6a478566d61b1b242ca472466fb4b7cdb9f18a370842480891521c9",
    "6cc9232be0faf34defce9579b49a2cceb997ce7c3bffe9cc022cdd06c5be1b8d",
    "e77d4eb02da3d85e50d43ea3c4182a8bba600014c4d2f2fb9a1aebc96a56b89e",
    "4e61b499cb3d7651a4d253f10de05ddea769ba8f8698922f1299712a3e64a133",
    "0227a2f697ab760082f6c5baa9c19c450a2b355e0a0850d21c2496cacb28a777",
  ],
};

const notices: {readonly [name: string]: string} = {
  "cifar10-jpeg":
    "these CIFAR-10 files were rebuilt from JPEG pictures: numbers measured on them are of cifar10-jpeg, not cifar10",
  "cifar10-unverified":
    "these CIFAR-10 files are not the official ones (their sha256 differ): numbers measured on them are of cifar10-unverified",
};

/** What a folder may be called, given the sha256 of its files in order; a notice unless they are the official ones. */
export function identify(digests: readonly string[]): {name: string; notice?: string} {
  const known = Object.entries(fingerprints).find(([, expected]) =>
    expected.every((sha, i) => sha === digests[i]),
  );
  const name = known?.[0] ?? "cifar10-unverified";
  return name in notices ? {name, notice: notices[name]} : {name};
}

/** What is wrong with files that are whole but stand under each other's names, given their sha256 in order. */
export function misplaced(digests: readonly string[]): string | undefined {
  for (const [i, sha] of digests.entries()) {
    const before = digests.indexOf(sha);
    if (before < i) return `${cifar10Files[i]} is the same file as ${cifar10Files[before]}`;
    for (const expected of Object.values(fingerprints)) {
      const place = expected.indexOf(sha);
      if (place >= 0 && place !== i) return `${cifar10Files[i]} is what ${cifar10Files[place]} should be`;
    }
  }
  return undefined;
}
