using System.ComponentModel;
using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Grains.Notices;

/// <summary>Notices as e-mail, through the submission server of the provider.</summary>
/// <remarks>Form: RFC 5322 with a plain and an HTML part; marked as automatic by RFC 3834, so that no absence message answers it. The same notice to the same receiver has the same
/// Message-ID, by which mail programs drop doubles.</remarks>
internal sealed class MailDelivery(IOptions<MailOptions> options, TimeProvider time) : INoticeDelivery
{
    private const int LongestProblem = 300;

    private readonly MailOptions _options = options.Value;

    public NoticeChannel Channel => NoticeChannel.Mail;

    public Task DeliverAsync(NoticeLetter letter, CancellationToken cancellation) => SendAsync(new MailLetter(letter.Notice.Id, letter.To, letter.Name, letter.Text), cancellation);

    /// <inheritdoc cref="DeliverAsync"/>
    public async Task SendAsync(MailLetter letter, CancellationToken cancellation)
    {
        if (_options.Host is null)
            throw new DeliveryException($"No mail server is configured ({MailOptions.Section}:{nameof(MailOptions.Host)}).", isTransient: true);
        using var mail = MailOf(letter);
        using var client = new SmtpClient(_options.Host, _options.Port)
        {
            EnableSsl = _options.Encrypted, DeliveryFormat = SmtpDeliveryFormat.SevenBit,
            Credentials = _options.User is null ? null : new NetworkCredential(_options.User, _options.Password),
        };
        using var patience = new CancellationTokenSource(_options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await client.SendMailAsync(mail, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new DeliveryException($"The mail server {_options.Host} did not answer within {_options.Timeout}.", isTransient: true);
        }
        catch (SmtpFailedRecipientException exception)
        {
            throw new DeliveryException(Told("The mail server does not take mail for this address", exception), !IsForGood(exception.StatusCode), exception);
        }
        catch (Exception exception) when (exception is SmtpException or AuthenticationException or IOException or Win32Exception or InvalidOperationException)
        {
            // Everything but the receiver's own address is a thing of ours, or of the moment: it may be put right.
            throw new DeliveryException(Told($"The mail server {_options.Host} did not take it", exception), isTransient: true, exception);
        }
    }

    private MailMessage MailOf(MailLetter letter)
    {
        var from = _options.From!;
        var mail = new MailMessage(new MailAddress(from, PlainLine.Of(_options.FromName), Encoding.UTF8), new MailAddress(letter.To, PlainLine.Of(letter.Name), Encoding.UTF8))
        {
            Subject = PlainLine.Of(letter.Text.Subject), SubjectEncoding = Encoding.UTF8, HeadersEncoding = Encoding.UTF8,
        };
        if (_options.ReplyTo is { } replyTo)
            mail.ReplyToList.Add(replyTo);
        mail.Headers.Add("Message-ID", $"<{letter.Id:N}.{Receiver(letter.To)}@{from[(from.LastIndexOf('@') + 1)..]}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        mail.Headers.Add("Content-Language", letter.Text.Language == NoticeLanguage.Nl ? "nl" : "en");
        mail.AlternateViews.Add(View(letter.Text.AsPlain(), MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(View(letter.Text.AsHtml(), MediaTypeNames.Text.Html));
        return mail;
    }

    private static AlternateView View(string text, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.Base64; // lines of any length and any letter pass every server
        return view;
    }

    private static string Receiver(string to) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(to.ToUpperInvariant())))[..16];

    // RFC 5321, section 4.2.3: of the 5xx answers to RCPT these are about the address itself.
    private static bool IsForGood(SmtpStatusCode status) => status is SmtpStatusCode.MailboxUnavailable or SmtpStatusCode.UserNotLocalTryAlternatePath or SmtpStatusCode.MailboxNameNotAllowed;

    private static string Told(string what, Exception exception)
    {
        var text = PlainLine.Of($"{what}: {(exception.InnerException is AuthenticationException or IOException or System.Net.Sockets.SocketException ? exception.InnerException.Message : exception.Message)}");
        return text.Length <= LongestProblem ? text : text[..LongestProblem];
    }
}

/// <summary>What a mail says, and to whom.</summary>
/// <param name="Id">Of what it tells: the same again to the same receiver has the same Message-ID.</param>
internal sealed record MailLetter(Guid Id, string To, string Name, NoticeText Text);
