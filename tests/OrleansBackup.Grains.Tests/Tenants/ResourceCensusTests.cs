using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Discovery;

namespace OrleansBackup.Grains.Tests.Tenants;

public sealed class ResourceCensusTests
{
    private static readonly TenantId Tenant = new(Guid.Empty);
    private static readonly DateTimeOffset Day1 = DateTimeOffset.Parse("2026-03-01T06:00:00Z");
    private static readonly ImmutableDictionary<string, KnownResource> Nothing = ImmutableDictionary<string, KnownResource>.Empty;

    private static readonly ImmutableArray<ResourceKind> AllKinds = [.. Enum.GetValues<ResourceKind>()];

    private static DiscoveredResource Mailbox(string id, bool has = true, string purpose = "user") =>
        new(new ResourceId(Tenant, ResourceKind.Mailbox, id), id, id + "@example.org", purpose, has, has ? null : "There is no mailbox.");

    [Fact]
    public void Everything_found_joins_and_an_account_without_mailbox_is_listed_with_its_reason()
    {
        var (resources, result) = ResourceCensus.Take(Nothing, [Mailbox("a"), Mailbox("b", has: false)], ProtectionScope.Everything, AllKinds, Day1);
        Assert.True(resources["mailbox-a"].Protected);
        Assert.False(resources["mailbox-b"].Protected);
        Assert.Equal("There is no mailbox.", resources["mailbox-b"].Reason);
        Assert.Equal((2, 2, 1, 1), (result.Found, result.New, result.Protected, result.NotProtected));
    }

    [Fact]
    public void A_new_mailbox_does_not_join_a_selection_and_is_recorded_from_its_first_sight()
    {
        var scope = new ProtectionScope(ScopeMode.Selection, ["a"], [], true);
        var (resources, _) = ResourceCensus.Take(Nothing, [Mailbox("a")], scope, AllKinds, Day1);
        (resources, _) = ResourceCensus.Take(resources, [Mailbox("a"), Mailbox("new")], scope, AllKinds, Day1.AddDays(5));
        Assert.False(resources["mailbox-new"].Protected);
        Assert.Equal(Day1.AddDays(5), resources["mailbox-new"].Since);
    }

    [Fact]
    public void One_missing_answer_is_not_a_deletion_three_days_of_them_are()
    {
        var (resources, _) = ResourceCensus.Take(Nothing, [Mailbox("a")], ProtectionScope.Everything, AllKinds, Day1);
        (resources, _) = ResourceCensus.Take(resources, [], ProtectionScope.Everything, AllKinds, Day1.AddDays(1));
        Assert.True(resources["mailbox-a"].Protected);
        (resources, var result) = ResourceCensus.Take(resources, [], ProtectionScope.Everything, AllKinds, Day1.AddDays(4));
        Assert.False(resources["mailbox-a"].Protected);
        Assert.Equal(1, result.Vanished);
    }

    [Fact]
    public void A_mailbox_that_comes_back_continues()
    {
        var (resources, _) = ResourceCensus.Take(Nothing, [Mailbox("a")], ProtectionScope.Everything, AllKinds, Day1);
        (resources, _) = ResourceCensus.Take(resources, [], ProtectionScope.Everything, AllKinds, Day1.AddDays(1));
        (resources, _) = ResourceCensus.Take(resources, [], ProtectionScope.Everything, AllKinds, Day1.AddDays(9));
        (resources, _) = ResourceCensus.Take(resources, [Mailbox("a")], ProtectionScope.Everything, AllKinds, Day1.AddDays(10));
        Assert.True(resources["mailbox-a"].Protected);
        Assert.Null(resources["mailbox-a"].VanishedAt);
    }

    [Fact]
    public void A_user_turned_into_a_shared_mailbox_stays_the_same_resource()
    {
        var (resources, _) = ResourceCensus.Take(Nothing, [Mailbox("a")], ProtectionScope.Everything, AllKinds, Day1);
        (resources, var result) = ResourceCensus.Take(resources, [Mailbox("a", purpose: "shared")], ProtectionScope.Everything, AllKinds, Day1.AddDays(1));
        Assert.Equal(0, result.New);
        Assert.Equal("shared", Assert.Single(resources).Value.Purpose);
        Assert.Equal(Day1, resources["mailbox-a"].Since);
    }

    [Fact]
    public void A_narrower_scope_releases_and_a_wider_one_takes_back()
    {
        var (resources, _) = ResourceCensus.Take(Nothing, [Mailbox("a"), Mailbox("none", has: false)], ProtectionScope.Everything, AllKinds, Day1);
        var selection = new ProtectionScope(ScopeMode.Selection, [], [], true);
        resources = ResourceCensus.Rescope(resources, selection, Day1.AddDays(1));
        Assert.False(resources["mailbox-a"].Protected);
        resources = ResourceCensus.Rescope(resources, ProtectionScope.Everything, Day1.AddDays(2));
        Assert.True(resources["mailbox-a"].Protected);
        Assert.False(resources["mailbox-none"].Protected);
    }

    [Fact]
    public void Nothing_is_concluded_about_a_kind_that_was_not_looked_for_to_the_end()
    {
        var drive = new DiscoveredResource(new ResourceId(Tenant, ResourceKind.OneDrive, "a"), "a", "", "user", true, null);
        var (resources, _) = ResourceCensus.Take(Nothing, [Mailbox("a"), drive], ProtectionScope.Everything, AllKinds, Day1);
        for (var day = 1; day < 10; day++)
            (resources, _) = ResourceCensus.Take(resources, [Mailbox("a")], ProtectionScope.Everything, [ResourceKind.Mailbox], Day1.AddDays(day));
        Assert.True(resources["onedrive-a"].Protected);
        Assert.Null(resources["onedrive-a"].MissingSince);
    }

    [Fact]
    public void What_cannot_be_protected_is_listed_with_its_reason_from_its_first_sight_and_counts_nowhere()
    {
        var chats = new DiscoveredResource(new ResourceId(Tenant, ResourceKind.Chats, "all"), "Chats", "", "", false, ResourceKind.Chats.Limitation());
        var (resources, result) = ResourceCensus.Take(Nothing, [Mailbox("a"), chats], ProtectionScope.Everything, AllKinds, Day1);
        (resources, _) = ResourceCensus.Take(resources, [Mailbox("a"), chats], ProtectionScope.Everything, AllKinds, Day1.AddDays(3));
        Assert.Equal((false, Day1), (resources["chats-all"].Protected, resources["chats-all"].Since));
        Assert.Contains("OneDrive", resources["chats-all"].Reason, StringComparison.Ordinal);
        Assert.Equal((1, 1, 1, 0), (result.Found, result.New, result.Protected, result.NotProtected));
    }
}
