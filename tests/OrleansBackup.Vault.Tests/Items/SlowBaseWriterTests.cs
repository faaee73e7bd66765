using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Items;

/// <summary>A writer of a base that stood still for longer than the grace period: a prune took its parts for leftovers.</summary>
public sealed class SlowBaseWriterTests
{
    [Fact]
    public async Task An_index_whose_parts_have_gone_does_not_stay()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, AVault.SmallSizes with { GracePeriod = TimeSpan.Zero });
        for (var day = 1; day <= 3; day++)
            await RunAsync(vault, day);
        var waiting = new WaitingBlobStore(store, name => name.Value.EndsWith("/index", StringComparison.Ordinal));
        var slow = RunAsync(vault.Through(waiting), 4);
        await waiting.Reached;
        Assert.True((await (await vault.OpenAsync()).PruneAsync([], default)).ObjectsDeleted > 0);
        waiting.GoOn();
        await Assert.ThrowsAsync<DamagedObjectException>(() => slow);
        Assert.DoesNotContain(store.Objects.Keys, n => n.Value.Contains("/base/", StringComparison.Ordinal));
        await RunAsync(vault, 4);
        Assert.Equal(4, (await (await vault.OpenAsync()).ListPointsAsync(default)).Length);
        Assert.True((await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default)).IsSound);
    }

    private static async Task RunAsync(AVault vault, int day)
    {
        await using var run = await vault.BeginAsync();
        await run.PutAsync($"day-{day}", AVault.Bytes(day, 300));
        await run.SealAsync();
    }
}
