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
}
