"""E-mail through Django's SMTP back end. SMTP knows no repeat: a crash after the server took it can send it twice, with
the same Message-ID, which most mailboxes then show once."""

import smtplib

from django.core.mail import EmailMessage

from core.integrations.messages import Busy, Refused


class MailSender:
    def __init__(self, sender: str, domain: str):
        self._from, self._domain = sender, domain

    def send(self, *, to: str, title: str, text: str, key: str) -> str:
        number = f"<{key}@{self._domain}>"
        mail = EmailMessage(title, text, self._from, [to], headers={"Message-ID": number})
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            if all(code >= 500 for code in codes):
                raise Refused("Alamat surel ditolak server surel.") from None
            raise Busy(300, "Server surel menunda alamat ini.") from None
        except smtplib.SMTPAuthenticationError:
            raise Busy(900, "Server surel menolak sandi portal.") from None
        except (smtplib.SMTPException, OSError):
            raise Busy(60, "Server surel tidak menjawab.") from None
        return number
