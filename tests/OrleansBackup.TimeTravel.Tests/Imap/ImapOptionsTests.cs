using System.ComponentModel.DataAnnotations;
using OrleansBackup.TimeTravel.Imap;

namespace OrleansBackup.TimeTravel.Tests.Imap;

/// <summary>A configuration with which passwords could cross a network in clear is refused at the start, and so is one that cannot work.</summary>
public sealed class ImapOptionsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("imap://127.0.0.1:1143")]
    [InlineData("imap://localhost:0")]
    [InlineData("imap://[::1]:1143")]
    public void Without_a_certificate_mail_is_served_on_this_machine_only(string? url) => Assert.Empty(ProblemsOf(new ImapOptions { Url = url }));

    [Theory]
    [InlineData("imap://0.0.0.0:143", "CertificateFile")]
    [InlineData("imap://192.0.2.1:143", "CertificateFile")]
    [InlineData("imaps://127.0.0.1:993", "CertificateFile")]
    [InlineData("http://127.0.0.1:143", "Url")]
    [InlineData("imaps://mail.example:993", "Url")]
    [InlineData("imap://127.0.0.1:143/path", "Url")]
    [InlineData("nonsense", "Url")]
    public void What_cannot_work_is_told_with_the_setting(string url, string setting) => Assert.Contains(setting, Assert.Single(ProblemsOf(new ImapOptions { Url = url })), StringComparison.Ordinal);

    [Fact]
    public void A_certificate_that_cannot_be_read_is_told() => Assert.Contains(
        "cannot be used", Assert.Single(ProblemsOf(new ImapOptions { Url = "imaps://0.0.0.0:993", CertificateFile = "/nowhere/a.pem", KeyFile = "/nowhere/a.pem" })), StringComparison.Ordinal);

    private static IEnumerable<string> ProblemsOf(ImapOptions options) => options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage!);
}
