using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Tests.Identity;

public sealed class IdentityTests
{
    private static readonly TenantId Tenant = TenantId.Parse("00000000-0000-0000-0000-000000000001");

    [Fact]
    public void A_resource_is_read_back_from_its_local_name()
    {
        var mailbox = new ResourceId(Tenant, ResourceKind.Mailbox, "9c3b0f5e-0000-4000-8000-000000000002");
        Assert.Equal("mailbox-9c3b0f5e-0000-4000-8000-000000000002", mailbox.LocalName);
        Assert.Equal(mailbox, ResourceId.ParseLocalName(Tenant, mailbox.LocalName));
    }

    [Fact]
    public void Every_kind_is_read_back_from_its_local_name()
    {
        foreach (var kind in Enum.GetValues<ResourceKind>())
            foreach (var id in new[] { "9c3b0f5e-0000-4000-8000-000000000002", "contoso.sharepoint.com,9c3b0f5e-0000,x", "all" })
                Assert.Equal(new ResourceId(Tenant, kind, id), ResourceId.ParseLocalName(Tenant, new ResourceId(Tenant, kind, id).LocalName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mailbox")]
    [InlineData("mailbox-")]
    [InlineData("Mailbox-1")]
    [InlineData("calendar-1")]
    public void A_name_that_is_no_resource_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ResourceId.ParseLocalName(Tenant, text));

    [Theory]
    [InlineData("contoso.example")]
    [InlineData("{00000000-0000-0000-0000-000000000001}")]
    public void A_tenant_is_known_by_its_directory_id_only(string text) => Assert.Throws<FormatException>(() => TenantId.Parse(text));
}
