using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Stores;

/// <summary>What every store promises. A new store is a subclass of three lines.</summary>
public abstract class BlobStoreContract : IDisposable
{
    private static readonly BlobName Name = new("contoso/resources/mailbox/log/0000000001");

    /// <summary>More than any store sends or asks for in one piece.</summary>
    private const int LargeBytes = 20_000_000;

    protected abstract IBlobStore Store { get; }

    /// <summary>Whether large objects pass through in pieces. Only a store that is memory itself may say no.</summary>
    protected virtual bool Streams => true;

    [Fact]
    public async Task An_object_comes_back_as_it_was_put()
    {
        var bytes = AVault.Bytes(1, 100_000, compressible: false);
        Assert.True(await Store.PutIfAbsentAsync(Name, bytes, default));
        Assert.Equal(bytes, (await Store.GetAsync(Name, default))!.Value.ToArray());
        Assert.Equal(bytes.Length, await Store.GetLengthAsync(Name, default));
    }

    [Fact]
    public async Task An_empty_object_is_there()
    {
        Assert.True(await Store.PutIfAbsentAsync(Name, ReadOnlyMemory<byte>.Empty, default));
        Assert.Equal(0, (await Store.GetAsync(Name, default))!.Value.Length);
    }

    [Fact]
    public async Task What_exists_is_never_overwritten()
    {
        Assert.True(await Store.PutIfAbsentAsync(Name, "first"u8.ToArray(), default));
        Assert.False(await Store.PutIfAbsentAsync(Name, "second"u8.ToArray(), default));
        Assert.Equal("first"u8.ToArray(), (await Store.GetAsync(Name, default))!.Value.ToArray());
    }

    [Fact]
    public async Task Of_many_that_put_one_name_at_once_one_wins()
    {
        var puts = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.PutIfAbsentAsync(Name, new byte[] { (byte)i }, default))));
        var winner = Assert.Single(puts.Index(), put => put.Item).Index;
        Assert.Equal([(byte)winner], (await Store.GetAsync(Name, default))!.Value.ToArray());
    }

    [Fact]
    public async Task A_range_ends_where_the_object_ends()
    {
        await Store.PutIfAbsentAsync(Name, "0123456789"u8.ToArray(), default);
        Assert.Equal("345"u8.ToArray(), (await Store.GetRangeAsync(Name, 3, 3, default))!.Value.ToArray());
        Assert.Equal("89"u8.ToArray(), (await Store.GetRangeAsync(Name, 8, 5, default))!.Value.ToArray());
        Assert.Equal(0, (await Store.GetRangeAsync(Name, 20, 5, default))!.Value.Length);
    }

    [Fact]
    public async Task What_is_absent_is_null_not_an_error()
    {
        Assert.Null(await Store.GetAsync(Name, default));
        Assert.Null(await Store.GetRangeAsync(Name, 0, 1, default));
        Assert.Null(await Store.GetLengthAsync(Name, default));
        Assert.False(await Store.DeleteAsync(Name, default));
        Assert.Empty(await Store.ListAsync("contoso/", default).ToListAsync());
    }

    [Fact]
    public async Task A_list_holds_what_is_beneath_the_prefix_and_nothing_else()
    {
        foreach (var name in new[] { "a/x/1", "a/x/2", "a/xy/1", "a/keys", "b/x/1" })
            await Store.PutIfAbsentAsync(new(name), new byte[1], default);
        Assert.Equal(["a/x/1", "a/x/2"], await Store.ListAsync("a/x/", default).Select(n => n.Value).Order().ToListAsync());
        Assert.Equal(5, await Store.ListAsync("", default).CountAsync());
        Assert.Equal(["a", "b"], await Store.ListPartsAsync("", default).Order().ToListAsync());
        Assert.Equal(["x", "xy"], await Store.ListPartsAsync("a/", default).Order().ToListAsync());
    }

    [Fact]
    public async Task A_deleted_object_is_gone_and_its_name_is_free()
    {
        await Store.PutIfAbsentAsync(Name, "first"u8.ToArray(), default);
        Assert.True(await Store.DeleteAsync(Name, default));
        Assert.Null(await Store.GetAsync(Name, default));
        Assert.True(await Store.PutIfAbsentAsync(Name, "second"u8.ToArray(), default));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData(".tmp/x")]
    [InlineData("A")]
    [InlineData("")]
    public async Task A_name_that_could_leave_the_store_is_refused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PutIfAbsentAsync(new(name), new byte[1], default));

    [Fact]
    public async Task A_large_object_goes_in_and_comes_out_in_pieces()
    {
        var content = new PatternStream(LargeBytes);
        Assert.True(await Store.PutIfAbsentAsync(Name, content, LargeBytes, default));
        Assert.True(content.LargestRead < LargeBytes || !Streams, $"{content.LargestRead} bytes were asked for at once");
        Assert.Equal(LargeBytes, await Store.GetLengthAsync(Name, default));

        await using var stored = (await Store.OpenReadAsync(Name, default))!;
        Assert.Equal(await PatternStream.HashAsync(new PatternStream(LargeBytes)), await PatternStream.HashAsync(stored));
        Assert.Equal(content.At(LargeBytes - 5, 5), (await Store.GetRangeAsync(Name, LargeBytes - 5, 10, default))!.Value.ToArray());
    }

    [Fact]
    public async Task A_large_object_does_not_overwrite_either()
    {
        await Store.PutIfAbsentAsync(Name, "first"u8.ToArray(), default);
        Assert.False(await Store.PutIfAbsentAsync(Name, new PatternStream(LargeBytes), LargeBytes, default));
        Assert.Equal("first"u8.ToArray(), (await Store.GetAsync(Name, default))!.Value.ToArray());
    }

    [Fact]
    public async Task Of_two_large_objects_under_one_name_one_is_there_whole()
    {
        var puts = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => Store.PutIfAbsentAsync(Name, new PatternStream(LargeBytes, seed: i), LargeBytes, default))));
        var winner = Assert.Single(puts.Index(), put => put.Item).Index;
        await using var stored = (await Store.OpenReadAsync(Name, default))!;
        Assert.Equal(await PatternStream.HashAsync(new PatternStream(LargeBytes, seed: winner)), await PatternStream.HashAsync(stored));
    }

    [Fact]
    public async Task Content_that_ends_early_leaves_nothing()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(() => Store.PutIfAbsentAsync(Name, new PatternStream(LargeBytes - 1), LargeBytes, default));
        Assert.Null(await Store.GetLengthAsync(Name, default));
        Assert.Empty(await Store.ListAsync("", default).ToListAsync());
        Assert.True(await Store.PutIfAbsentAsync(Name, "again"u8.ToArray(), default));
    }

    [Fact]
    public async Task There_is_nothing_to_open_where_nothing_is() => Assert.Null(await Store.OpenReadAsync(Name, default));

    [Fact]
    public async Task A_list_of_many_is_whole()
    {
        var names = Enumerable.Range(0, ManyObjects).Select(i => $"a/many/{i:d5}").ToArray();
        await Parallel.ForEachAsync(names, async (name, cancellation) => await Store.PutIfAbsentAsync(new(name), new byte[1], cancellation));
        Assert.Equal(names, await Store.ListAsync("a/", default).Select(n => n.Value).Order(StringComparer.Ordinal).ToListAsync());
        Assert.Equal(["many"], await Store.ListPartsAsync("a/", default).ToListAsync());
    }

    /// <summary>More than one page of a store that lists in pages.</summary>
    protected virtual int ManyObjects => 300;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}
