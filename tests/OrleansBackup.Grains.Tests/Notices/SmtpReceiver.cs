using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansBackup.Grains.Tests.Notices;

/// <summary>A mail server on loopback that speaks as much of RFC 5321 as a submission needs, with STARTTLS (RFC 3207) and AUTH LOGIN, strictly: no mail without both where they are demanded.</summary>
internal sealed class SmtpReceiver : IAsyncDisposable
{
    public const string User = "orleansbackup", Password = "the mail password";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly Task _accepting;

    public SmtpReceiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Thumbprint => _certificate.Thumbprint;

    public bool OffersTls { get; set; } = true;

    public bool DemandsSignIn { get; set; } = true;

    /// <summary>What RCPT is answered with.</summary>
    public string RecipientAnswer { get; set; } = "250 2.1.5 Ok";

    /// <summary>Says nothing after the greeting.</summary>
    public bool IsSilent { get; set; }

    public ConcurrentQueue<ReceivedMail> Mails { get; } = new();

    public void StopListening() => _listener.Stop();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _end.Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    private async Task AcceptAsync()
    {
        var talks = new List<Task>();
        try
        {
            while (true)
                talks.Add(TalkAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        finally
        {
            await Task.WhenAll(talks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var _ = client;
        Stream stream = client.GetStream();
        var (tls, signedIn, from, to) = (false, false, "", new List<string>());
        await SayAsync(stream, "220 localhost ready");
        while (await LineAsync(stream) is { } line)
        {
            if (IsSilent)
                continue;
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await SayAsync(stream, "250-localhost" + (OffersTls && !tls ? "\r\n250-STARTTLS" : "") + (tls ? "\r\n250-AUTH LOGIN" : "") + "\r\n250 8BITMIME");
                    break;
                case "STARTTLS" when OffersTls && !tls:
                    await SayAsync(stream, "220 go ahead");
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(_certificate);
                    (stream, tls) = (secure, true);
                    break;
                case "AUTH" when tls:
                    var user = line.Split(' ') is [_, _, var first] ? first : await AskAsync(stream, "VXNlcm5hbWU6");
                    var password = await AskAsync(stream, "UGFzc3dvcmQ6");
                    signedIn = Plain(user) == User && Plain(password) == Password;
                    await SayAsync(stream, signedIn ? "235 2.7.0 in" : "535 5.7.8 no");
                    break;
                case "MAIL" when DemandsSignIn && !signedIn:
                    await SayAsync(stream, "530 5.7.0 sign in first");
                    break;
                case "MAIL":
                    from = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                    await SayAsync(stream, "250 ok");
                    break;
                case "RCPT":
                    to.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]);
                    await SayAsync(stream, RecipientAnswer);
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    var text = new StringBuilder();
                    while (await LineAsync(stream) is { } part && part != ".")
                        text.Append(part.StartsWith('.') ? part[1..] : part).Append("\r\n");
                    Mails.Enqueue(new ReceivedMail(from, [.. to], text.ToString(), tls, signedIn));
                    to.Clear();
                    await SayAsync(stream, "250 taken");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "502 5.5.1 unknown here");
                    break;
            }
        }
    }

    private async Task<string> AskAsync(Stream stream, string what)
    {
        await SayAsync(stream, "334 " + what);
        return await LineAsync(stream) ?? "";
    }

    private static string Plain(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private async Task SayAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"), _end.Token);
        await stream.FlushAsync(_end.Token);
    }

    // Byte by byte: what follows STARTTLS is not a line any more.
    private async Task<string?> LineAsync(Stream stream)
    {
        var (line, one) = (new List<byte>(), new byte[1]);
        while (await stream.ReadAsync(one, _end.Token) == 1)
        {
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(one[0]);
        }
        return null;
    }
}

/// <summary>A mail as the server took it.</summary>
internal sealed record ReceivedMail(string From, string[] To, string Text, bool WasEncrypted, bool WasSignedIn)
{
    /// <summary>Header lines, unfolded, by name.</summary>
    public ILookup<string, string> Headers => Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n")
        .ToLookup(line => line.Split(':')[0], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The part of a type, decoded.</summary>
    public string Part(string type)
    {
        var part = Text.Split("\r\n--").First(part => part.Contains($"Content-Type: {type}", StringComparison.OrdinalIgnoreCase) && part.Contains("base64", StringComparison.Ordinal));
        return Encoding.UTF8.GetString(Convert.FromBase64String(part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..].Trim()));
    }
}
