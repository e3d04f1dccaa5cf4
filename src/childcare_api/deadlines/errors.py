"""What can go wrong with the terms of the law."""

from childcare_api.shared.problems import Problem


class TermNotShorter(Problem):
    """A unit may promise a shorter term than the law's, never a longer one; `longest` is the longest it may promise."""

    status = 409
    title_en, title_vi = "Only a shorter term can be promised", "Chỉ được rút ngắn thời hạn"
    detail_en = "The term of {article} is {length}; promise at most {longest}."
    detail_vi = "Thời hạn theo {article} là {length}; chỉ được đặt tối đa {longest}."


class TermNotExtendable(Problem):
    """The clock gives no more time, or not so much; `extendable_by` is what is left, in the clock's own unit."""

    status = 409
    title_en, title_vi = "The term cannot be extended by that", "Không được gia hạn thời hạn này"
    detail_en = "{article}: {extendable_by} may still be added."
    detail_vi = "{article}: còn được gia hạn {extendable_by}."


class TaskEnded(Problem):
    """The task was done, or is no longer wanted."""

    status = 409
    title_en, title_vi = "The task has ended", "Việc này đã kết thúc"
    detail_en = "Nothing more is to be done: it was done, or is no longer wanted."
    detail_vi = "Không cần làm gì thêm: việc đã xong hoặc không còn cần nữa."
