"""Why a container was not opened, and the limits it must keep."""

import gzip
import lzma
import struct
import tarfile
import zipfile
import zlib

from juluo.kit.errors import N_, JuluoError

MAX_ENTRIES = 200_000
MAX_TOTAL_BYTES = 40 * 2**30
MAX_RATIO = 200  # inflated : packed, judged once a stream has given more than RATIO_FLOOR bytes
RATIO_FLOOR = 64 * 2**20

# Everything the standard library says when a container lies, is cut short, or asks for what is not there.
BROKEN = (
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # zipfile on a locked entry; NotImplementedError, a method nobody has, is one of these
    MemoryError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    tarfile.TarError,
)


class PackRefused(JuluoError):
    """The container itself is unsafe or broken."""

    code = "pack_refused"
    message = N_("这个压缩包无法安全打开：%(why)s")
    status = 422


DAMAGED = N_("内容损坏或不完整")
TOO_LARGE = N_("解压后的内容超过上限")
BOMB = N_("压缩比异常，像是压缩炸弹")
LOCKED = N_("压缩包有密码，请先解密")
TOO_MANY = N_("文件数量超过上限")
OUTSIDE = N_("含有指向包外的路径")
ODD_METHOD = N_("压缩方式不受支持，请重新压缩为普通的 zip")
MISSING = N_("压缩包里缺少需要的文件")
NOT_A_FILE = N_("这不是普通的文件或文件夹")
