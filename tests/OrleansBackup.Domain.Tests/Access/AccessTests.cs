using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Tests.Access;

public sealed class AccessTests
{
    private static readonly TenantId Own = TenantId.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly TenantId Other = TenantId.Parse("00000000-0000-0000-0000-000000000002");

    [Fact]
    public void Every_permission_is_somebodys_and_the_admin_has_all() =>
        Assert.All(Enum.GetValues<Permission>(), permission => Assert.True(Role.ProviderAdmin.Allows(permission)));

    [Theory]
    [InlineData(Permission.ManageAccess), InlineData(Permission.ConfirmDestructive), InlineData(Permission.ManageProvider), InlineData(Permission.ManageContracts)]
    [InlineData(Permission.ManageTenants), InlineData(Permission.ManageBilling), InlineData(Permission.ManageHolds)]
    public void Only_an_admin_changes_access_contracts_money_and_the_installation(Permission permission) =>
        Assert.Equal([Role.ProviderAdmin], Roles.All.Where(role => role.Allows(permission)));

    [Fact]
    public void A_customer_sees_his_tenant_and_asks_for_restores_and_no_more() => Assert.Equal(
        [Permission.SeeCatalogue, Permission.SeeTenant, Permission.SeeContent, Permission.RequestRestore, Permission.ConfirmReport, Permission.SeeBilling],
        RolePermissions.Of(Role.CustomerContact).Order());

    [Fact]
    public void An_auditor_only_looks_and_never_into_mail() => Assert.Equal(
        [Permission.SeeCatalogue, Permission.SeeEstate, Permission.SeeTenant, Permission.SeeBilling, Permission.SeeAudit], RolePermissions.Of(Role.Auditor).Order());

    [Fact]
    public void A_role_is_read_as_it_is_written()
    {
        foreach (var role in Roles.All)
            Assert.True(Roles.TryParse(role.Token(), out var read) && read == role);
        Assert.False(Roles.TryParse("Provider-Admin", out _)); // a claim map must name it exactly
        Assert.False(Roles.TryParse(null, out _));
    }

    [Fact]
    public void A_caller_reaches_the_tenants_that_are_his()
    {
        var contact = Of([Role.CustomerContact], [Own]);
        Assert.True(contact.May(Permission.SeeTenant, Own));
        Assert.False(contact.May(Permission.SeeTenant, Other));
        Assert.False(contact.May(Permission.Restore, Own));
        Assert.True(Of([Role.ProviderOperator], null).May(Permission.Restore, Other));
    }

    [Fact]
    public void No_tenants_is_not_all_tenants()
    {
        var nowhere = Of([Role.ProviderOperator], []);
        Assert.False(nowhere.AllTenants);
        Assert.False(nowhere.Reaches(Own));
    }

    [Fact]
    public void Roles_add_up() => Assert.True(Of([Role.Auditor, Role.ProviderOperator], null) is var both && both.May(Permission.SeeAudit) && both.May(Permission.Restore));

    [Fact]
    public void A_customer_of_all_tenants_and_a_caller_without_a_role_cannot_be()
    {
        Assert.Throws<ArgumentException>(() => Of([Role.CustomerContact], null));
        Assert.Throws<ArgumentException>(() => Of([Role.ProviderAdmin, Role.CustomerContact], null));
        Assert.Throws<ArgumentException>(() => Of([], null));
        Assert.Throws<ArgumentException>(() => new Caller(" ", "kim", [Role.Auditor], null, SignInMethod.ApiKey));
        Assert.Throws<ArgumentException>(() => new Caller("kim", "", [Role.Auditor], null, SignInMethod.ApiKey));
    }

    [Fact]
    public void Nobody_hands_on_more_than_he_has()
    {
        var admin = Of([Role.ProviderAdmin], [Own]);
        Assert.True(admin.Covers([Role.ProviderOperator, Role.Auditor, Role.CustomerContact], [Own]));
        Assert.True(admin.Covers([Role.ProviderAdmin], []));
        Assert.False(admin.Covers([Role.Auditor], null)); // a reach that he has not
        Assert.False(admin.Covers([Role.Auditor], [Own, Other]));
        Assert.False(Of([Role.ProviderOperator], null).Covers([Role.Auditor], null)); // the audit books are not his
        Assert.False(Of([Role.Auditor], null).Covers([Role.ProviderAdmin], [Own]));
    }

    [Fact]
    public void Content_may_be_closed_in_some_of_the_tenants_that_somebody_reaches()
    {
        var contact = Of([Role.CustomerContact], [Own, Other]) with { ContentIn = [Other] };
        Assert.Equal((true, false, true), (contact.May(Permission.SeeTenant, Own), contact.May(Permission.SeeContent, Own), contact.May(Permission.SeeContent, Other)));
        Assert.True(Of([Role.CustomerContact], [Own]).May(Permission.SeeContent, Own)); // a key that a provider-admin made so
        Assert.False((Of([Role.CustomerContact], [Own]) with { ContentIn = [Other] }).May(Permission.SeeContent, Other));
    }

    [Theory]
    [InlineData("kim@provider.example", true)]
    [InlineData("first-key", false)]
    [InlineData("unnamed:robot", false)]
    public void Who_is_not_known_is_no_person(string person, bool isNamed) => Assert.Equal(isNamed, Person.IsNamed(person));

    private static Caller Of(Role[] roles, TenantId[]? tenants) => new("kim", "kim@provider.example", roles, tenants, SignInMethod.ApiKey);
}
