using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Stores;

/// <summary>What a store promises that can keep objects from being deleted, besides what every store promises.</summary>
public abstract class RetainingBlobStoreContract : BlobStoreContract
{
    private static readonly BlobName Kept = new("contoso/content/ab/kept");

    protected abstract IRetainingBlobStore Retaining { get; }

    protected sealed override IBlobStore Store => Retaining;

    /// <summary>What this store says keeps an object.</summary>
    protected abstract RetentionStrength Strength { get; }

    protected abstract DateTimeOffset Now { get; }

    /// <summary>Moves the clock by which the store keeps objects.</summary>
    protected abstract void Pass(TimeSpan time);

    [Fact]
    public async Task A_kept_object_is_not_deleted_until_its_time_has_come()
    {
        Assert.True(await Retaining.PutIfAbsentAsync(Kept, "kept"u8.ToArray(), Now + TimeSpan.FromDays(30), default));
        var refused = await Assert.ThrowsAsync<ObjectRetainedException>(() => Store.DeleteAsync(Kept, default));
        Assert.False(refused.IsTransient);
        Assert.Equal(DeletionOutcome.Retained, await Store.TryDeleteAsync(Kept, default));
        Assert.Equal("kept"u8.ToArray(), (await Store.GetAsync(Kept, default))!.Value.ToArray());

        Pass(TimeSpan.FromDays(29));
        Assert.Equal(DeletionOutcome.Retained, await Store.TryDeleteAsync(Kept, default));
        Pass(TimeSpan.FromDays(2));
        Assert.Equal(DeletionOutcome.Deleted, await Store.TryDeleteAsync(Kept, default));
        Assert.Null(await Store.GetAsync(Kept, default));
        Assert.Equal(DeletionOutcome.Absent, await Store.TryDeleteAsync(Kept, default));
    }

    [Fact]
    public async Task The_store_says_how_long_it_keeps_an_object()
    {
        var until = Now + TimeSpan.FromDays(30.000001);
        await Retaining.PutIfAbsentAsync(Kept, new byte[10], until, default);
        var said = await Retaining.GetRetentionAsync(Kept, default);
        Assert.Equal(new ObjectRetention(ObjectRetention.RoundUp(until), Strength), said);
        Assert.True(said!.Covers(until));
    }

    [Fact]
    public async Task An_object_without_retention_says_so_and_one_that_is_absent_is_null()
    {
        Assert.Null(await Retaining.GetRetentionAsync(Kept, default));
        Assert.False(await Retaining.ExtendRetentionAsync(Kept, Now + TimeSpan.FromDays(1), default));
        await Store.PutIfAbsentAsync(Kept, new byte[10], default);
        Assert.Equal(ObjectRetention.None, await Retaining.GetRetentionAsync(Kept, default));
    }

    [Fact]
    public async Task What_exists_keeps_its_retention_when_somebody_puts_it_again()
    {
        await Store.PutIfAbsentAsync(Kept, "first"u8.ToArray(), default);
        Assert.False(await Retaining.PutIfAbsentAsync(Kept, "second"u8.ToArray(), Now + TimeSpan.FromDays(30), default));
        Assert.Equal(ObjectRetention.None, await Retaining.GetRetentionAsync(Kept, default));
    }

    [Fact]
    public async Task Retention_grows_and_never_shrinks()
    {
        await Store.PutIfAbsentAsync(Kept, new byte[10], default);
        var (near, far) = (ObjectRetention.RoundUp(Now + TimeSpan.FromDays(10)), ObjectRetention.RoundUp(Now + TimeSpan.FromDays(40)));
        Assert.True(await Retaining.ExtendRetentionAsync(Kept, far, default));
        Assert.True(await Retaining.ExtendRetentionAsync(Kept, near, default));
        Assert.Equal(far, (await Retaining.GetRetentionAsync(Kept, default))!.Until);
        Assert.Equal(DeletionOutcome.Retained, await Store.TryDeleteAsync(Kept, default));
    }

    [Fact]
    public async Task An_object_that_is_named_again_is_kept_as_long_as_a_new_one_and_asked_for_only_if_it_runs_out_too_soon()
    {
        var clock = new ManualClock(Now);
        var writes = new RetainingWrites(Retaining, TimeSpan.FromDays(30), clock);
        Assert.False(await writes.KeepAsync(Kept, default)); // there is none
        await writes.PutIfAbsentAsync(Kept, new byte[10], default);
        Assert.False(await writes.KeepAsync(Kept, default));

        clock.Advance(TimeSpan.FromDays(20));
        Pass(TimeSpan.FromDays(20));
        Assert.True(await writes.KeepAsync(Kept, default));
        Assert.Equal(ObjectRetention.RoundUp(clock.GetUtcNow() + TimeSpan.FromDays(30)), (await Retaining.GetRetentionAsync(Kept, default))!.Until);
        Assert.True(await writes.KeepAsync(Kept, TimeSpan.FromDays(7), default));
        Assert.False(await writes.KeepAsync(Kept, TimeSpan.FromDays(7), default));
        Assert.Equal(ObjectRetention.RoundUp(clock.GetUtcNow() + TimeSpan.FromDays(44)), (await Retaining.GetRetentionAsync(Kept, default))!.Until);
        Pass(TimeSpan.FromDays(43));
        Assert.Equal(DeletionOutcome.Retained, await Store.TryDeleteAsync(Kept, default));
        Pass(TimeSpan.FromDays(2));
        Assert.Equal(DeletionOutcome.Deleted, await Store.TryDeleteAsync(Kept, default));
    }

    [Fact]
    public async Task Content_from_a_stream_is_kept_as_well()
    {
        var clock = new ManualClock(Now);
        var writes = new RetainingWrites(Retaining, TimeSpan.FromDays(30), clock);
        await writes.PutIfAbsentAsync(Kept, new MemoryStream(new byte[5000]), 5000, default);
        Assert.True((await Retaining.GetRetentionAsync(Kept, default))!.Covers(clock.GetUtcNow() + TimeSpan.FromDays(30)));
        Assert.Equal((1, Strength), (writes.ReadBack.Objects, writes.ReadBack.Weakest));
    }
}
