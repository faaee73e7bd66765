using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Retention;

/// <summary>A pack written again takes the old one's place only if what the store gives back is what was written.</summary>
public sealed class EditionTests
{
    private static readonly VaultOptions Options = AVault.SmallSizes with { TargetPackBytes = 1 << 20, GracePeriod = TimeSpan.Zero };

    [Fact]
    public async Task An_edition_that_the_store_wrote_wrongly_takes_nobodys_place()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, Options);
        await RunAsync(vault, Enumerable.Range(0, 60), []);
        await RunAsync(vault, [], Enumerable.Range(0, 60).Where(i => i % 6 != 0));
        var old = (await (await vault.OpenAsync()).ListPointsAsync(default))[0].Sequence;
        var corrupting = vault.Through(new CorruptingBlobStore(store));
        Assert.Equal(1, (await (await corrupting.OpenAsync()).PruneAsync([old], default)).PacksRewritten);
        Assert.Contains(store.Objects.Keys, n => n.Value.Contains("/repacked/", StringComparison.Ordinal));
        await AssertKeptAsync(vault);

        // The store is repaired: a later prune writes the next edition, and everything before it goes.
        vault.Clock.Advance(TimeSpan.FromDays(31));
        await RunAsync(vault, [100], []);
        await RunAsync(vault, [], [100]);
        await (await vault.OpenAsync()).PruneAsync([.. (await (await vault.OpenAsync()).ListPointsAsync(default)).Select(p => p.Sequence)], default);
        await AssertKeptAsync(vault);
    }

    private static async Task AssertKeptAsync(AVault vault)
    {
        var mailbox = await vault.OpenAsync();
        await using var now = await mailbox.OpenPointAsync((await mailbox.ListPointsAsync(default))[^1].Sequence, default);
        for (var i = 0; i < 60; i += 6)
            Assert.Equal(AVault.Bytes(i, 500, compressible: false), await now.ReadAllAsync((await now.FindAsync($"item-{i}", default))!.Contents["mime"]));
    }

    private static async Task RunAsync(AVault vault, IEnumerable<int> put, IEnumerable<int> gone)
    {
        await using var run = await vault.BeginAsync();
        foreach (var i in put)
            await run.PutAsync($"item-{i}", AVault.Bytes(i, 500, compressible: false));
        foreach (var i in gone)
            await run.RemoveAsync($"item-{i}", default);
        await run.SealAsync();
    }

    /// <summary>Says that it wrote an edition, and wrote something else in the middle of it.</summary>
    private sealed class CorruptingBlobStore(IBlobStore inner) : DelegatingBlobStore(inner)
    {
        public override Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
        {
            var stored = bytes.ToArray();
            if (name.Value.Contains("/repacked/", StringComparison.Ordinal))
                stored[100] ^= 1;
            return base.PutIfAbsentAsync(name, stored, cancellation);
        }
    }
}
