using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>What one run may rely on: what goes in comes out, and only what was committed.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task What_a_run_sealed_is_read_back_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var vault = await AVault.OnAsync(new FolderBlobStore(folder.Of("vault")));
        var sizes = new[] { 0, 1, 100, 1999, 2000, 2001, 5000, 40_000, 200_000 };
        await using (var run = await vault.BeginAsync())
        {
            foreach (var size in sizes)
                await run.PutAsync($"item-{size}", AVault.Bytes(size, size, compressible: size % 2 == 0));
            await run.SealAsync();
        }
        var mailbox = await vault.OpenAsync();
        var point = Assert.Single(await mailbox.ListPointsAsync(default));
        Assert.Equal(sizes.Length, point.ItemsByKind["message"]);
        Assert.Equal(sizes.Sum(), point.LogicalBytes);
        await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
        foreach (var size in sizes)
        {
            var item = await reader.FindAsync($"item-{size}", default);
            Assert.Equal(AVault.Bytes(size, size, compressible: size % 2 == 0), await reader.ReadAllAsync(item!.Contents["mime"]));
        }
        Assert.Null(await reader.FindAsync("item-7", default));
        Assert.Equal(sizes.Select(s => $"item-{s}").Order(StringComparer.Ordinal), await reader.ItemsAsync(ItemFilter.All, default).Select(i => i.Id).ToListAsync());
    }

    [Fact]
    public async Task Content_from_a_stream_and_from_memory_is_the_same_content()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using var run = await vault.BeginAsync();
        foreach (var size in new[] { 0, 10, 2000, 2001, 4096, 50_000 })
        {
            var bytes = AVault.Bytes(size, size, compressible: false);
            Assert.Equal(await run.StoreAsync(bytes, default), await run.StoreAsync(new MemoryStream(bytes), default));
        }
    }

    [Fact]
    public async Task Content_that_is_cut_by_force_at_every_end_of_the_buffer_is_stored_whole()
    {
        // Zeros are cut nowhere by themselves, so chunks of the greatest length leave nothing behind to go on with.
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using var run = await vault.BeginAsync();
        foreach (var size in new[] { 4095, 4096, 4097, 8192, 12_288, 100_000, 40 * 4096 })
        {
            var stored = await run.StoreAsync(new MemoryStream(new byte[size]), default);
            Assert.Equal(size, stored.Length);
            Assert.Equal(await run.StoreAsync(new byte[size], default), stored);
        }
    }

    [Fact]
    public async Task A_tenant_keeps_the_key_it_has()
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        await using (var run = await vault.BeginAsync())
        {
            await run.PutAsync("a", AVault.Bytes(1, 100));
            await run.SealAsync();
        }
        await vault.Repository.CreateTenantAsync("contoso", default);
        Assert.Single(await (await vault.OpenAsync()).ListPointsAsync(default));
        Assert.True(await vault.Repository.TenantExistsAsync("contoso", default));
        Assert.False(await vault.Repository.TenantExistsAsync("fabrikam", default));
        await Assert.ThrowsAsync<TenantKeyMissingException>(() => vault.Repository.OpenAsync(new("fabrikam", "a"), default));
        Assert.Equal(["contoso"], await vault.Repository.ListTenantsAsync(default).ToListAsync());
    }

    [Theory]
    [InlineData("..", "a")]
    [InlineData("a", "..")]
    [InlineData("a", "b/c")]
    [InlineData("a", "")]
    [InlineData("A", "b")]
    [InlineData("a", ".b")]
    [InlineData(null, "b")]
    public void A_name_that_is_no_safe_path_is_refused(string? tenant, string resource) =>
        Assert.Throws<ArgumentException>(() => new ResourceName(tenant!, resource));

    /// <summary>Every message of the test corpus, where it is at hand: it is named by ORLEANSBACKUP_CORPUS or lies in shared/corpus above.</summary>
    [Fact]
    public async Task Every_message_of_the_corpus_comes_back_byte_for_byte()
    {
        var corpus = Corpus.Files("mail", most: 400);
        var vault = await AVault.OnAsync(new MemoryBlobStore(), new VaultOptions());
        await using var run = await vault.BeginAsync();
        foreach (var (name, bytes) in corpus)
            await run.PutAsync(name, bytes);
        var point = await run.SealAsync();
        await using var reader = await (await vault.OpenAsync()).OpenPointAsync(point.Sequence, default);
        foreach (var (name, bytes) in corpus)
            Assert.Equal(bytes, await reader.ReadAllAsync((await reader.FindAsync(name, default))!.Contents["mime"]));
    }
}
