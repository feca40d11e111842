"""Why an import ended without a result."""

from juluo.kit.errors import N_, JuluoError


class NothingRead(JuluoError):
    """The file was recognised but holds nothing that could be taken in."""

    code = "nothing_read"
    message = N_("文件里没有读到任何消息。共有 %(rejected)s 行无法识别。")
    status = 422


class Broken(JuluoError):
    """Something of ours failed; the log says what. Nothing was kept, and trying again would fail again."""

    code = "import_broken"
    message = N_("导入时出了意料之外的错误，没有留下任何数据。请把运行日志发给维护者，我们会修好它。")
    status = 500


class TooManyAttempts(JuluoError):
    """Each attempt was cut off: whoever ran it was killed."""

    code = "too_many_attempts"
    message = N_(
        "这个导入开始了 %(times)s 次，每次都在半途断掉，多半是服务器内存不够。已经停下，没有留下任何数据。"
        "请把文件拆小，或给服务器加内存后重新上传。"
    )


class Cancelled(JuluoError):
    """An operator stopped the import; nothing of it was kept."""

    code = "import_cancelled"
    message = N_("导入已取消，没有留下任何数据。")
    status = 409


class TooLarge(JuluoError):
    """The announced size is over the installation's limit."""

    code = "upload_too_large"
    message = N_("文件超过了上传上限 %(limit)s。请拆分后再上传，或在服务器上用 juluo import 导入。")
    status = 413


class DiskFull(JuluoError):
    """There is no room for the file."""

    code = "disk_full"
    message = N_("服务器磁盘空间不足，放不下这个 %(size)s 的文件。请清理后重试。")
    status = 507


class WrongOffset(JuluoError):
    """A piece does not fit where the upload stands; `offset` says where to go on."""

    code = "wrong_offset"
    message = N_("上传进度不一致，请从第 %(offset)s 字节继续。")
    status = 409
