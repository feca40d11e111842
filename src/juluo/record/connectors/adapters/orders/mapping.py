"""Which column of a table of orders is what, and what became of an order by its status."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from juluo.kit.errors import N_

from ..table.cells import Cell, looks_like_time, number_of, text_of
from ..table.mapping import guess as guess_messages

# What a column may be, in the order they are asked.
ROLES: dict[str, str] = {
    "order": N_("订单号"),
    "time": N_("下单或付款时间"),
    "member": N_("会员号或账号"),
    "name": N_("姓名或昵称"),
    "phone": N_("手机号"),
    "amount": N_("金额"),
    "quantity": N_("数量"),
    "price": N_("单价（没有金额时，金额 = 数量 × 单价）"),
    "currency": N_("币种"),
    "status": N_("订单状态"),
    "refund": N_("退款金额"),
    "refunded_at": N_("退款时间"),
    "product": N_("商品"),
}
WHO = ("member", "phone", "name")

_WORDS: dict[str, str] = {
    "order": "orderid orderno ordernumber order invoiceno invoice invoiceid transactionid tradeno outtradeno "
    "订单号 订单编号 订单id 单号 交易号 交易单号 商户订单号 訂單編號 訂單號",
    "time": "paidat paytime paymenttime paymentdate orderdate ordertime invoicedate createdat created date datetime time timestamp "
    "支付时间 付款时间 订单付款时间 下单时间 订单创建时间 创建时间 成交时间 交易时间 时间 日期 付款時間 下單時間",
    "member": "memberid customerid userid buyerid customer member user buyer openid uid account email "
    "会员号 会员id 会员编号 用户id 客户id 买家id 买家账号 买家会员名 账号 会员 客户 用户 買家帳號 會員編號",
    "name": "name customername buyername membername nickname receiver 姓名 昵称 客户姓名 买家昵称 买家姓名 收货人 收件人 收货人姓名 暱稱",
    "phone": "phone mobile tel telephone phonenumber 手机 手机号 手机号码 电话 联系电话 联系手机 收货人手机 手機 電話",
    "amount": "paidamount actualamount amount total totalamount ordertotal totalprice payment paid revenue grandtotal spent "
    "实付 实付金额 实付款 买家实付 买家实际支付金额 支付金额 付款金额 订单金额 订单总额 成交金额 总金额 金额 实收金额 實付金額 金額",
    "quantity": "quantity qty count units items 数量 购买数量 件数 数目 數量",
    "price": "unitprice price 单价 商品单价 价格 售价 單價",
    "currency": "currency currencycode 币种 货币 货币代码 幣別",
    "status": "status orderstatus paymentstatus financialstatus tradestatus state 状态 订单状态 交易状态 支付状态 付款状态 狀態 訂單狀態",
    "refund": "refund refundamount refundedamount amountrefunded 退款 退款金额 已退款金额 已退金额 退款金額",
    "refunded_at": "refundedat refundtime refunddate 退款时间 退款日期 退款完成时间 退款時間",
    "product": "product productname item itemname description title sku stockcode 商品 商品名称 商品标题 宝贝标题 产品 品名 商品名稱",
}
_KNOWN = {field: {word: place for place, word in enumerate(words.split())} for field, words in _WORDS.items()}
_NOISE = re.compile(r"[\s_\-./:：()（）\[\]【】#*]+")


class Became(StrEnum):
    """What became of an order."""

    PAID = "paid"
    REFUNDED = "refunded"
    VOID = "void"  # never paid, or closed before it was


_STATUS: dict[Became, str] = {
    Became.REFUNDED: "refund refunded fullyrefunded partiallyrefunded returned chargeback reversed tradeclosedrefund "
    "退款 已退款 退款成功 退款完成 全额退款 部分退款 退货 已退货 退货退款 售后完成 已退貨",
    Became.VOID: "cancel canceled cancelled void voided closed expired failed declined abandoned unpaid pending awaitingpayment "
    "pendingpayment "
    "已取消 取消 已关闭 交易关闭 订单关闭 已作废 作废 支付失败 付款失败 未支付 未付款 待支付 待付款 等待买家付款 已過期 已过期",
    Became.PAID: "paid complete completed success succeeded successful settled captured fulfilled shipped delivered processing closedwon "
    "authorized finished received confirmed tradesuccess tradefinished ok 已支付 已付款 支付成功 付款成功 待发货 等待卖家发货 "
    "买家已付款 部分发货 已发货 卖家已发货 待收货 已收货 已签收 已完成 完成 交易成功 交易完成 成功 待评价 已评价 已核销 待核销 付款完成",
}
_BECAME = {word: became for became, words in _STATUS.items() for word in words.split()}


def guess(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """Field → column, as far as names and the first rows tell."""
    found: dict[str, str] = {}
    for field in ROLES:
        named = sorted((place, column) for column in columns if (place := _KNOWN[field].get(_plain(column))) is not None)
        for _, column in named:
            if column not in found.values() and _fits(field, _values(columns, rows, column)):
                found[field] = column
                break
    return found


def is_whole(columns: Mapping[str, str]) -> bool:
    """Whether a mapping says all that an order needs: which one, when, who, how much."""
    return {"order", "time"} <= columns.keys() and any(who in columns for who in WHO) and bool({"amount", "price"} & columns.keys())


def is_surely_orders(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the names of the columns leave no doubt: not a table of messages, nor one whose rows say what kind of event they are."""
    return is_whole(guess(columns, rows)) and not {"text", "kind"} & _named_by_messages(columns, rows)


def agreed(answer: Any, columns: Sequence[str]) -> dict[str, str] | None:
    """The operator's mapping, checked; None when it is no such thing."""
    if not isinstance(answer, Mapping):
        return None
    found = {str(field): str(column) for field, column in answer.items() if field in ROLES and column in columns}
    return found if is_whole(found) else None


def became(cell: Cell) -> Became | None:
    """What a status says; PAID where none is given, None where it is not understood."""
    words = _plain(text_of(cell))
    return _BECAME.get(words) if words else Became.PAID


def _named_by_messages(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> set[str]:
    """What the reader of messages would find by name, a description of goods not taken for talk."""
    others = [column for column in columns if _plain(column) not in _KNOWN["product"] and _plain(column) not in _KNOWN["status"]]
    places = [columns.index(column) for column in others]
    found = guess_messages(others, [[row[place] if place < len(row) else None for place in places] for row in rows])
    return {field for field in ("text", "kind") if field in found.columns and _says(found.columns[field])}


def _says(column: str) -> bool:
    return any(word in _plain(column) for word in ("消息", "内容", "发言", "message", "content", "text", "类型", "type", "kind", "event"))


def _plain(text: str) -> str:
    return _NOISE.sub("", text.replace("\ufeff", "")).casefold()


def _values(columns: Sequence[str], rows: Sequence[Sequence[Cell]], column: str) -> list[Cell]:
    place = columns.index(column)
    return [row[place] for row in rows if place < len(row) and row[place] not in (None, "")]


def _fits(field: str, values: list[Cell]) -> bool:
    if not values:
        return field not in ("order", "time")
    if field in ("time", "refunded_at"):
        return looks_like_time(values, 0.5)
    if field in ("amount", "quantity", "price", "refund"):
        return sum(1 for value in values if number_of(value) is not None) >= 0.5 * len(values)
    return True
