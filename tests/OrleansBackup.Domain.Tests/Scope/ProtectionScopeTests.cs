using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;

namespace OrleansBackup.Domain.Tests.Scope;

public sealed class ProtectionScopeTests
{
    private static ResourceId Mailbox(string id) => new(new TenantId(Guid.Empty), ResourceKind.Mailbox, id);

    [Fact]
    public void Everything_takes_along_what_is_new_and_leaves_out_what_was_excluded()
    {
        var scope = ProtectionScope.Everything with { Excluded = ["b"] };
        Assert.True(scope.Decide(Mailbox("a")).Protected);
        Assert.False(scope.Decide(Mailbox("b")).Protected);
    }

    [Fact]
    public void A_selection_never_takes_along_what_is_new_and_says_so()
    {
        var scope = new ProtectionScope(ScopeMode.Selection, ImmutableHashSet.Create("a"), [], true);
        Assert.True(scope.Decide(Mailbox("a")).Protected);
        Assert.False(scope.Decide(Mailbox("new")).Protected);
        Assert.Contains("do not join", scope.Decide(Mailbox("new")).Reason, StringComparison.Ordinal);
    }

    private static ResourceId Of(ResourceKind kind, string id) => new(new TenantId(Guid.Empty), kind, id);

    [Fact]
    public void A_kind_with_a_rule_of_its_own_follows_it_and_the_others_the_scope()
    {
        var scope = ProtectionScope.Everything with
        {
            Selected = ["chosen"],
            Kinds = ImmutableSortedDictionary<ResourceKind, KindRule>.Empty.Add(ResourceKind.Team, KindRule.Nothing).Add(ResourceKind.Site, KindRule.Selection),
        };
        Assert.True(scope.Decide(Mailbox("new")).Protected);
        Assert.True(scope.Decide(Of(ResourceKind.OneDrive, "new")).Protected);
        Assert.False(scope.Decide(Of(ResourceKind.Team, "chosen")).Protected);
        Assert.True(scope.Decide(Of(ResourceKind.Site, "chosen")).Protected);
        Assert.False(scope.Decide(Of(ResourceKind.Site, "new")).Protected);
        Assert.Contains("new sites do not join", scope.Decide(Of(ResourceKind.Site, "new")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_that_was_chosen_brings_mailbox_and_OneDrive_and_a_local_name_brings_one()
    {
        var scope = new ProtectionScope(ScopeMode.Selection, ["ada", "onedrive-bob"], [], true);
        Assert.True(scope.Decide(Mailbox("ada")).Protected);
        Assert.True(scope.Decide(Of(ResourceKind.OneDrive, "ada")).Protected);
        Assert.False(scope.Decide(Mailbox("bob")).Protected);
        Assert.True(scope.Decide(Of(ResourceKind.OneDrive, "bob")).Protected);
    }

    [Fact]
    public void A_purpose_that_is_left_out_takes_along_what_was_chosen_by_its_id()
    {
        var scope = ProtectionScope.Everything with { ExcludedPurposes = ["room"], Selected = ["board-room"] };
        Assert.False(scope.Decide(Mailbox("room-1"), "room").Protected);
        Assert.True(scope.Decide(Mailbox("board-room"), "room").Protected);
        Assert.True(scope.Decide(Mailbox("ada"), "user").Protected);
    }

    [Fact]
    public void What_Microsoft_makes_impossible_is_never_protected_whatever_the_scope_says()
    {
        var scope = ProtectionScope.Everything with { Selected = ["all"] };
        foreach (var kind in ResourceKinds.Unprotectable)
        {
            var verdict = scope.Decide(Of(kind, "all"));
            Assert.Equal((false, kind.Limitation()), (verdict.Protected, verdict.Reason));
        }
        Assert.NotNull((scope with { Kinds = ImmutableSortedDictionary<ResourceKind, KindRule>.Empty.Add(ResourceKind.Chats, KindRule.Everything) }).Problem());
    }
}
