using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Openings;

namespace OrleansBackup.Domain.Tests.Openings;

public sealed class OpeningIdTests
{
    private static readonly TenantId Tenant = TenantId.Parse("275b7bce-b115-cc55-1168-43965f673560");

    [Fact]
    public void An_id_says_of_which_tenant_it_is_and_no_two_are_alike()
    {
        var ids = Enumerable.Range(0, 1_000).Select(_ => OpeningId.New(Tenant)).ToList();

        Assert.Equal(1_000, ids.Distinct().Count());
        Assert.All(ids, id =>
        {
            Assert.Matches("^[a-z2-7]{42}$", id.Text);
            Assert.True(OpeningId.TryParse(id.Text, out var read));
            Assert.Equal(id, read);
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("e5nxxtvrcxgfkelijokl5wojlbhxq5vzcmqgsy3on")]
    [InlineData("E5NXXTVRCXGFKELIJOKL5WOJLBHXQ5VZCMQGSY3ONQ")]
    [InlineData("../../../../../../../../../../etc/passwd..")]
    [InlineData("e5nxxtvrcxgfkelijokl5wojlbhxq5vzcmqgsy3on1")]
    public void What_is_no_id_is_none(string? text) => Assert.False(OpeningId.TryParse(text, out _));

    [Fact]
    public void Of_each_id_there_is_one_form_only()
    {
        var text = OpeningId.New(Tenant).Text;
        var forms = "abcdefghijklmnopqrstuvwxyz234567".Select(last => text[..^1] + last).Where(form => OpeningId.TryParse(form, out _)).ToList();

        Assert.Equal(8, forms.Count); // the last character holds three bits of the id; its other two are none
        Assert.Equal(8, forms.Select(form => OpeningId.TryParse(form, out var id) ? id : default).Distinct().Count());
    }

    [Fact]
    public void A_password_can_be_typed_and_is_kept_as_a_hash()
    {
        var (one, other) = (OpeningPassword.New(), OpeningPassword.New());

        Assert.Matches("^([a-z2-7]{5}-){5}[a-z2-7]{5}$", one);
        Assert.NotEqual(one, other);
        Assert.True(OpeningPassword.IsSame(OpeningPassword.HashOf(one), OpeningPassword.HashOf(one)));
        Assert.False(OpeningPassword.IsSame(OpeningPassword.HashOf(one), OpeningPassword.HashOf(other)));
        Assert.False(OpeningPassword.IsSame(OpeningPassword.HashOf(one), []));
    }

    [Theory]
    [InlineData(ResourceKind.Mailbox, OpeningProtocol.Imap, true)]
    [InlineData(ResourceKind.Mailbox, OpeningProtocol.WebDav, true)]
    [InlineData(ResourceKind.OneDrive, OpeningProtocol.WebDav, true)]
    [InlineData(ResourceKind.Site, OpeningProtocol.Imap, false)]
    [InlineData(ResourceKind.Mailbox, (OpeningProtocol)9, false)]
    public void Only_mailboxes_open_in_mail_programs(ResourceKind kind, OpeningProtocol protocol, bool may) => Assert.Equal(may, OpeningRules.WhyNot(kind, protocol) is null);

    [Theory]
    [InlineData("00:00:59", false), InlineData("00:01:00", true), InlineData("7.00:00:00", true), InlineData("7.00:00:01", false)]
    public void An_opening_lasts_from_a_minute_to_a_week(string lasts, bool may) =>
        Assert.Equal(may, OpeningRules.WhyNot(TimeSpan.Parse(lasts, System.Globalization.CultureInfo.InvariantCulture)) is null);
}
