using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests;

/// <summary>Whatever happens to stored bytes: a full check finds it, and a reader gets the right bytes or an error, never wrong ones.</summary>
public sealed class DamageTests
{
    private List<string>? _truth;
    private static readonly string[] Ids = [.. Enumerable.Range(4, 5).Select(i => $"item-{i}")];

    [Fact]
    public async Task Every_flipped_byte_of_every_object_is_found_and_never_read_as_something_else()
    {
        var (vault, store) = await SmallVaultAsync();
        var flips = 0;
        foreach (var (name, bytes) in store.Objects.OrderBy(o => o.Key.Value, StringComparer.Ordinal))
        {
            for (var at = 0; at < bytes.Length; at++)
            {
                var damaged = bytes.ToArray();
                damaged[at] ^= (byte)(1 << (at % 8));
                await AssertFoundAsync(vault, store, name, damaged, $"byte {at} of {name}");
                flips++;
            }
        }
        Assert.True(flips > 2000, $"only {flips} bytes were flipped");
    }

    [Fact]
    public async Task Every_object_cut_short_grown_or_missing_is_found()
    {
        var (vault, store) = await SmallVaultAsync();
        foreach (var (name, bytes) in store.Objects)
        {
            foreach (var length in new[] { 0, 1, 39, 40, bytes.Length / 2, bytes.Length - 1 }.Where(l => l < bytes.Length))
                await AssertFoundAsync(vault, store, name, bytes[..length], $"{name} cut to {length}");
            await AssertFoundAsync(vault, store, name, [.. bytes, 0], $"{name} with a byte more");
            if (name != NewestSegment(store))
                await AssertFoundAsync(vault, store, name, null, $"{name} missing");
        }
    }

    [Fact]
    public async Task Every_object_in_the_place_of_another_is_found()
    {
        var (vault, store) = await SmallVaultAsync();
        foreach (var (name, bytes) in store.Objects)
            foreach (var (other, others) in store.Objects)
                if (name != other)
                    await AssertFoundAsync(vault, store, name, others, $"{other} in the place of {name}");
    }

    [Fact]
    public async Task An_older_valid_object_of_the_same_name_is_found()
    {
        // The vault goes on from one moment in two ways, so that both have objects of the same names under the same key.
        var (vault, store) = await SmallVaultAsync();
        var other = store.Copy();
        await RunAsync(vault, day: 8);
        await RunAsync(vault, day: 9);
        await RunAsync(vault.Through(other), day: 18);
        await RunAsync(vault.Through(other), day: 19);
        var replaced = 0;
        foreach (var (name, bytes) in other.Objects.Where(o => store.Objects.TryGetValue(o.Key, out var own) && !own.SequenceEqual(o.Value)))
        {
            var mixed = store.Copy();
            mixed.Replace(name, bytes);
            Assert.False((await CheckAsync(vault.Through(mixed))).IsSound, $"{name} replaced by an older one");
            replaced++;
        }
        Assert.True(replaced > 0);
    }

    [Fact]
    public async Task Damage_names_the_items_that_need_the_object_and_no_others()
    {
        var (vault, store) = await SmallVaultAsync();
        var chunk = store.Objects.Keys.First(n => n.Value.Contains("/content/", StringComparison.Ordinal));
        store.Remove(chunk);
        var finding = Assert.Single((await CheckAsync(vault)).Findings, f => f.Kind == CheckFindingKind.Missing);
        Assert.Equal(chunk, finding.Name);
        Assert.Equal(["item-8"], finding.Items.AsEnumerable());
    }

    [Fact]
    public async Task A_structure_check_finds_what_is_missing_without_reading_content()
    {
        var (vault, store) = await SmallVaultAsync();
        var whole = await (await vault.OpenAsync()).CheckAsync(CheckDepth.Structure, null, default);
        Assert.Empty(whole.Findings);
        foreach (var name in store.Objects.Keys.Where(n => n != NewestSegment(store) && n.Value != "contoso/keys").ToArray())
        {
            var less = store.Copy();
            less.Remove(name);
            var report = await (await vault.Through(less).OpenAsync()).CheckAsync(CheckDepth.Structure, null, default);
            Assert.True(!report.IsSound || await ReadsAsBeforeAsync(vault, less), $"{name} missing");
        }
    }

    [Fact]
    public async Task Another_key_file_opens_nothing()
    {
        using var folder = new TemporaryFolder();
        var (_, store) = await SmallVaultAsync();
        var other = AVault.Existing(store, key: KeyFile.Create(folder.Of("other")));
        await Assert.ThrowsAsync<WrongKeyException>(() => other.OpenAsync());
        await other.Repository.CreateTenantAsync(AVault.Mailbox.Tenant, default); // changes nothing for a tenant that has a key
        await Assert.ThrowsAsync<WrongKeyException>(() => other.OpenAsync());
    }

    [Fact]
    public async Task One_tenants_key_is_no_use_under_another_tenants_name()
    {
        var (vault, store) = await SmallVaultAsync();
        store.Replace(new("fabrikam/keys"), store.Objects[new("contoso/keys")]);
        await Assert.ThrowsAsync<WrongKeyException>(() => vault.Repository.OpenAsync(new("fabrikam", "mailbox-1"), default));
    }

    [Fact]
    public async Task Nothing_of_the_content_is_in_the_store_in_clear()
    {
        var (_, store) = await SmallVaultAsync();
        foreach (var (name, bytes) in store.Objects)
            foreach (var secret in new[] { "item-5", "name of", "inbox", "contoso.example" })
                Assert.True(bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) < 0, $"'{secret}' in {name}");
    }

    private static async Task<(AVault, MemoryBlobStore)> SmallVaultAsync()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, AVault.SmallSizes with { SegmentsBeforeBase = 2 });
        for (var day = 0; day < 3; day++)
            await RunAsync(vault, day);
        return (vault, store);
    }

    private static async Task RunAsync(AVault vault, int day)
    {
        await using var run = await vault.BeginAsync();
        foreach (var id in Ids[(day % 4 == 0 ? 0 : 3)..])
            await run.PutAsync(id, AVault.Bytes(seed: id[^1] * 100 + (day % 4 == 0 ? 0 : day), id == "item-8" && day == 0 ? 2100 : 40));
        await run.SealAsync();
    }

    /// <summary>A vault without its newest segments is a whole vault of a day ago. Only who remembers the newest point can tell.</summary>
    private static BlobName NewestSegment(MemoryBlobStore store) =>
        store.Objects.Keys.Where(n => n.Value.Contains("/log/", StringComparison.Ordinal)).MaxBy(n => n.Value, StringComparer.Ordinal);

    private async Task AssertFoundAsync(AVault vault, MemoryBlobStore store, BlobName name, byte[]? bytes, string what)
    {
        var damaged = store.Copy();
        if (bytes is null)
            damaged.Remove(name);
        else
            damaged.Replace(name, bytes);
        var readsAsBefore = await ReadsAsBeforeAsync(vault, damaged);
        if (bytes is null && readsAsBefore)
            return; // a segment that a base has taken the place of: nothing depends on it
        Assert.False((await CheckAsync(vault.Through(damaged))).IsSound, what);
    }

    /// <summary>Reads every point and asserts that nothing reads as something else. False: something could not be read.</summary>
    private async Task<bool> ReadsAsBeforeAsync(AVault vault, MemoryBlobStore damaged)
    {
        _truth ??= await ReadAsync(vault);
        try
        {
            Assert.Equal(_truth, await ReadAsync(vault.Through(damaged)));
            return true;
        }
        catch (VaultException) { return false; }
    }

    /// <summary>Everything that can be read, as text.</summary>
    private static async Task<List<string>> ReadAsync(AVault vault)
    {
        var (mailbox, read) = (await vault.OpenAsync(), new List<string>());
        foreach (var point in await mailbox.ListPointsAsync(default))
        {
            await using var reader = await mailbox.OpenPointAsync(point.Sequence, default);
            read.Add($"{point.Sequence} {point.Run} {point.LogicalBytes} {point.ItemsByKind["message"]}");
            await foreach (var item in reader.ItemsAsync(ItemFilter.All, default))
                read.Add($"{item.Id} {item.Name} {item.Time} {Convert.ToHexString(await reader.ReadAllAsync(item.Contents["mime"]))}");
        }
        return read;
    }

    private static async Task<CheckReport> CheckAsync(AVault vault)
    {
        try { return await (await vault.OpenAsync()).CheckAsync(CheckDepth.Full, null, default); }
        catch (Exception e) when (e is WrongKeyException or TenantKeyMissingException)
        {
            return new(CheckDepth.Full, [new(CheckFindingKind.Damaged, new("contoso/keys"), e.Message, [])], 0, 0, 0); // found on opening
        }
    }
}
