using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tests.Given;

namespace OrleansBackup.Grains.Tests.Tenants;

public sealed class TenantPartsTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1_000, 1, 1)]
    [InlineData(1_001, 1, 2)]
    [InlineData(50_000, 1, 64)]
    [InlineData(10, 64, 64)] // never fewer again
    public void A_tenant_has_as_many_parts_as_its_resources_need(int resources, int present, int parts) => Assert.Equal(parts, TenantParts.Needed(resources, present));

    [Fact]
    public void Fifty_thousand_resources_are_spread_evenly_and_with_more_parts_each_stays_or_goes_to_the_new_half()
    {
        var sizes = Enumerable.Range(0, 50_000).CountBy(number => TenantParts.Of(LargeTenant.Mailbox(number), 64)).ToDictionary();
        Assert.Equal(64, sizes.Count);
        Assert.InRange(sizes.Values.Max(), 782, 1_000);
        Assert.All(Enumerable.Range(0, 1_000).Select(LargeTenant.Mailbox), mailbox =>
            Assert.Equal(TenantParts.Of(mailbox, 32), TenantParts.Of(mailbox, 64) % 32));
    }

    [Fact]
    public void The_part_of_a_resource_is_stored_by_what_it_decided_and_never_changes() =>
        Assert.Equal([89, 32, 100], new[] { "", "a", "0b0a6d3c-6f1c-4c2e-9d8e-000000000001" }.Select(id => TenantParts.Of(id, 128)));

    [Fact]
    public void Of_a_selection_each_part_is_told_its_own()
    {
        var chosen = Enumerable.Range(0, 100).Select(number => LargeTenant.Mailbox(number).ObjectId).ToHashSet();
        var settings = TenantSettings.Default with { Scope = new ProtectionScope(ScopeMode.Selection, [.. chosen], [], true) };
        var cut = Enumerable.Range(0, 4).Select(part => settings.Cut(part, 4)).ToList();
        Assert.Equal(chosen.Order(), cut.SelectMany(part => part.Scope.Selected).Order());
        Assert.All(chosen, id => Assert.Contains(id, cut[TenantParts.Of(id, 4)].Scope.Selected));
    }
}
