using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Grains.Tenants;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.SqliteStorage;

namespace OrleansBackup.Grains.Tests.Tenants;

public sealed class SharedTextsTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2026-03-01T12:00:00Z");

    [Fact]
    public void What_was_read_from_storage_shares_its_texts_and_says_the_same()
    {
        var known = Read(Enumerable.Range(1, 9).Select(number => LargeTenant.Known(number, Noon, null)).ToImmutableDictionary(resource => resource.Resource.LocalName));
        var health = Read(Enumerable.Range(1, 9).Select(number => LargeTenant.Health(number, Noon) with { Problem = "The sign-in failed." }).ToImmutableDictionary(one => one.Resource.LocalName));
        var (sharedKnown, sharedHealth) = (SharedTexts.In(known), SharedTexts.In(health, known));

        Assert.Equal(known, sharedKnown);
        Assert.Equal(health, sharedHealth);
        var (first, second) = (LargeTenant.Mailbox(1).LocalName, LargeTenant.Mailbox(2).LocalName);
        Assert.Same(sharedKnown[first].Reason, sharedKnown[second].Reason);
        Assert.Same(sharedHealth[first].Problem, sharedHealth[second].Problem);
        Assert.Same(sharedKnown[first].Resource.ObjectId, sharedHealth[first].Resource.ObjectId);
        Assert.All(sharedHealth.Keys, name => Assert.Same(sharedKnown.Keys.Single(key => key == name), name));
    }

    private static T Read<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, StateJson.Options), StateJson.Options)!;
}
