using System.Text;

namespace OrleansBackup.GraphSimulator.Tests.Given;

/// <summary>Messages written out, for tests that need to know every byte.</summary>
internal static class Samples
{
    public static byte[] Plain(string subject) => Encoding.UTF8.GetBytes($"From: Ada <ada@partner.example>\r\nTo: user1@contoso.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@partner.example>\r\nDate: Mon, 2 Feb 2026 10:00:00 +0100\r\n\r\nHello\r\n");

    public static byte[] WithNestedMessage { get; } = Encoding.ASCII.GetBytes("""
        From: "Lovelace, Ada" <ada@partner.example>
        To: team: user1@contoso.example, user2@contoso.example;
        Subject: =?utf-8?Q?Gr=C3=BC?= =?utf-8?B?w59l?=
        Message-ID: <outer@partner.example>
        In-Reply-To: <first@partner.example>
        Date: Mon, 2 Feb 2026 10:00:00 +0100
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: multipart/alternative; boundary="inner"

        --inner
        Content-Type: text/plain; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        Gr=FC=DFe
        --inner
        Content-Type: text/html; charset=utf-8

        <p>Hi <img src="cid:logo"></p>
        --inner--
        --outer
        Content-Type: image/png
        Content-ID: <logo>
        Content-Disposition: inline; filename*=utf-8''b%C3%A4r.png
        Content-Transfer-Encoding: base64

        aGVsbG8=
        --outer
        Content-Type: message/rfc822

        From: b@partner.example
        Subject: inside
        Content-Type: multipart/mixed; boundary="deep"

        --deep

        deep text
        --deep
        Content-Type: message/rfc822

        Subject: deeper

        bottom
        --deep--
        --outer--

        """.ReplaceLineEndings("\r\n"));
}
