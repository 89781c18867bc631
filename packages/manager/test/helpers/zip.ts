import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string | Buffer
  content?: Buffer | string
  /** Unix mode with its type bits; without one the entry says nothing about its kind. */
  mode?: number
  flags?: number
  /** Lies about the unpacked size. */
  declaredSize?: number
  /** Puts the sizes into a zip64 field. */
  zip64?: boolean
  damaged?: boolean
}

const utf8Flag = 0x800

/** A zip made by hand, so that it can say what no library would write. */
export const zipOf = (...entries: ZipEntry[]) => zipOfAll(entries)

export function zipOfAll(entries: ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const parts = partsOf(entry)
    const local = Buffer.concat([localHeader(parts), parts.name, parts.packed])
    centrals.push(Buffer.concat([centralHeader(parts, offset), parts.name, parts.extra]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(centrals)
  const end = endRecord(entries.length, central.length, offset)
  const isMany = entries.length > 0xffff
  return Buffer.concat([
    ...locals,
    central,
    ...(isMany ? [endRecord64(entries.length, central.length, offset)] : []),
    end,
  ])
}

function partsOf(entry: ZipEntry) {
  const content = Buffer.from(entry.content ?? '')
  const packed = deflateRawSync(content)
  const size = entry.declaredSize ?? content.length
  const extra = Buffer.alloc(entry.zip64 ? 20 : 0)
  if (entry.zip64) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(16, 2)
    extra.writeBigUInt64LE(BigInt(size), 4)
    extra.writeBigUInt64LE(BigInt(packed.length), 12)
  }
  return {
    name: Buffer.from(entry.name),
    packed,
    extra,
    flags: entry.flags ?? utf8Flag,
    mode: entry.mode,
    checksum: entry.damaged ? 1 : crc32(content),
    size: entry.zip64 ? 0xffffffff : size,
    packedSize: entry.zip64 ? 0xffffffff : packed.length,
  }
}

type Parts = ReturnType<typeof partsOf>

function localHeader({ name, flags, checksum, size, packedSize }: Parts): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(8, 8)
  header.writeUInt32LE(checksum, 14)
  header.writeUInt32LE(packedSize, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

function centralHeader({ name, extra, flags, mode, checksum, size, packedSize }: Parts, offset: number): Buffer {
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(mode === undefined ? 20 : (3 << 8) | 20, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(flags, 8)
  header.writeUInt16LE(8, 10)
  header.writeUInt32LE(checksum, 16)
  header.writeUInt32LE(packedSize, 20)
  header.writeUInt32LE(size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(((mode ?? 0) << 16) >>> 0, 38)
  header.writeUInt32LE(offset, 42)
  return header
}

/** For more entries than two bytes can count: the record itself, then where it stands. */
function endRecord64(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(76)
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(44n, 4)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(size), 40)
  end.writeBigUInt64LE(BigInt(offset), 48)
  end.writeUInt32LE(0x07064b50, 56)
  end.writeBigUInt64LE(BigInt(offset + size), 64)
  end.writeUInt32LE(1, 72)
  return end
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  const isMany = count > 0xffff
  end.writeUInt16LE(isMany ? 0xffff : count, 8)
  end.writeUInt16LE(isMany ? 0xffff : count, 10)
  end.writeUInt32LE(isMany ? 0xffffffff : size, 12)
  end.writeUInt32LE(isMany ? 0xffffffff : offset, 16)
  return end
}
