using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Tests.Notices;

/// <summary>Notices as mail, to a real mail server with STARTTLS and AUTH.</summary>
public sealed class MailDeliveryTests : NoticeDeliveryContract
{
    private static readonly MailOptions Options = new()
    {
        Host = "localhost", User = SmtpReceiver.User, Password = SmtpReceiver.Password, From = "backup@provider.example", FromName = "De back-up", ReplyTo = "help@provider.example",
    };

    [Fact]
    public async Task A_mail_goes_encrypted_and_signed_in_as_text_and_html_and_asks_for_no_answer()
    {
        await using var scene = new MailScene(Receiver.Takes);
        await scene.Delivery.DeliverAsync(Letter(scene.To), CancellationToken.None);
        var mail = Assert.Single(scene.Server.Mails);
        Assert.True(mail is { WasEncrypted: true, WasSignedIn: true, From: "backup@provider.example" });
        Assert.Equal([scene.To], mail.To);
        Assert.Equal("auto-generated", Assert.Single(mail.Headers["Auto-Submitted"]));
        Assert.Contains("help@provider.example", Assert.Single(mail.Headers["Reply-To"]), StringComparison.Ordinal);
        Assert.Matches("^<[0-9a-f]{32}\\.[0-9a-f]{16}@provider.example>$", Assert.Single(mail.Headers["Message-ID"]));
        Assert.Contains("multipart/alternative", Assert.Single(mail.Headers["Content-Type"]), StringComparison.Ordinal);
        Assert.Contains("- Postvak: Grüße 日本", mail.Part("text/plain"), StringComparison.Ordinal);
        Assert.Contains("<li>Postvak: Gr", mail.Part("text/html"), StringComparison.Ordinal);
        Assert.DoesNotContain("src=", mail.Part("text/html"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_name_puts_no_header_and_no_receiver_into_a_mail()
    {
        await using var scene = new MailScene(Receiver.Takes);
        await scene.Delivery.DeliverAsync(Letter(scene.To, "Robin\r\nBcc: spy@x.example\r\n", "Klant\r\nX-Evil: 1\r\n\r\nText, \"quoted\" <spy@x.example>"), CancellationToken.None);
        var mail = Assert.Single(scene.Server.Mails);
        Assert.Equal([scene.To], mail.To);
        Assert.Empty(mail.Headers["Bcc"]);
        Assert.Empty(mail.Headers["X-Evil"]);
        Assert.Single(mail.Headers["Subject"]);
    }

    [Fact]
    public async Task Without_encryption_or_with_another_certificate_nothing_is_told()
    {
        await using var plain = new MailScene(Receiver.Takes);
        plain.Server.OffersTls = false;
        Assert.True((await Assert.ThrowsAsync<DeliveryException>(() => plain.Delivery.DeliverAsync(Letter(plain.To), CancellationToken.None))).IsTransient);
        Assert.Empty(plain.Server.Mails);
        await using var other = new MailScene(Receiver.Takes, trusts: false);
        Assert.True((await Assert.ThrowsAsync<DeliveryException>(() => other.Delivery.DeliverAsync(Letter(other.To), CancellationToken.None))).IsTransient);
        Assert.Empty(other.Server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_put_right_by_somebody_and_without_a_server_the_setting_is_named()
    {
        await using var scene = new MailScene(Receiver.Takes, password: "wrong");
        Assert.True((await Assert.ThrowsAsync<DeliveryException>(() => scene.Delivery.DeliverAsync(Letter(scene.To), CancellationToken.None))).IsTransient);
        var none = new MailDelivery(Microsoft.Extensions.Options.Options.Create(new MailOptions()), TimeProvider.System);
        Assert.Contains("Notices:Mail:Host", (await Assert.ThrowsAsync<DeliveryException>(() => none.DeliverAsync(Letter(scene.To), CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("From", null)]
    [InlineData("From", "no address")]
    [InlineData("Host", "not a host!")]
    [InlineData("Host", null)]
    [InlineData("Password", null)]
    [InlineData("ReplyTo", "Help <help@x.nl>")]
    [InlineData("Encrypted", "mail.provider.example")]
    public void A_setting_that_cannot_work_is_named_at_the_start(string setting, string? value)
    {
        var options = setting switch
        {
            "From" => Options with { From = value },
            "Host" => Options with { Host = value },
            "Password" => Options with { Password = value },
            "ReplyTo" => Options with { ReplyTo = value },
            _ => Options with { Encrypted = false, Host = value },
        };
        Assert.Empty(Options.Validate(new ValidationContext(Options)));
        Assert.Contains(options.Validate(new ValidationContext(options)), problem => problem.ErrorMessage!.Contains($"Notices:Mail:{setting}", StringComparison.Ordinal)
            || problem.ErrorMessage.Contains(setting, StringComparison.Ordinal));
    }

    private protected override Task<DeliveryScene> StartAsync(Receiver receiver) => Task.FromResult<DeliveryScene>(new MailScene(receiver));

    private sealed class MailScene : DeliveryScene
    {
        public MailScene(Receiver receiver, bool trusts = true, string password = SmtpReceiver.Password)
        {
            Server = new SmtpReceiver
            {
                IsSilent = receiver == Receiver.Silent,
                RecipientAnswer = receiver switch { Receiver.Busy => "451 4.3.0 later", Receiver.KnowsNobody => "550 5.1.1 nobody of this name", _ => "250 2.1.5 ok" },
            };
            Port = Server.Port;
            if (receiver == Receiver.Gone)
                Server.StopListening();
            if (trusts)
                Trust(Server.Thumbprint);
            Delivery = new MailDelivery(Microsoft.Extensions.Options.Options.Create(Options with { Port = Port, Password = password, Timeout = TimeSpan.FromSeconds(receiver == Receiver.Silent ? 1 : 60) }), TimeProvider.System);
        }

        public SmtpReceiver Server { get; }

        public int Port { get; }

        public override INoticeDelivery Delivery { get; }

        public override string To => "robin@jansen.example";

        public override IReadOnlyList<(string Id, string Text)> Received() => [.. Server.Mails.Select(mail => (mail.Headers["Message-ID"].Single(), mail.Part("text/plain")))];

        public override ValueTask DisposeAsync() => Server.DisposeAsync();

        private static readonly HashSet<string> Trusted = [];

        private static void Trust(string thumbprint)
        {
            lock (Trusted)
                Trusted.Add(thumbprint);
#pragma warning disable SYSLIB0014 // the only place where the runtime's mail client asks whether a certificate is trusted; in this process the certificates of these tests only
            ServicePointManager.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                lock (Trusted)
                    return errors == System.Net.Security.SslPolicyErrors.None || Trusted.Contains(certificate!.GetCertHashString());
            };
#pragma warning restore SYSLIB0014
        }
    }
}
