using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Keys;

/// <summary>The wrapping key changes, data stays as it is, and no crash locks anybody out.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly KeyFile _old, _next;

    public KeyRotationTests() => (_old, _next) = (KeyFile.Create(_folder.Of("old")), KeyFile.Create(_folder.Of("next")));

    [Fact]
    public async Task After_a_rotation_only_the_new_key_opens_and_no_data_was_rewritten()
    {
        var store = await ALifeAsync();
        var before = store.Copy().Objects.Where(o => o.Key.Value != "contoso/keys").ToArray();
        Assert.Equal(new KeyRotationResult(Wrapped: true, Removed: 1), await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default));

        Assert.Equal(before.OrderBy(o => o.Key.Value), store.Objects.Where(o => !o.Key.Value.Contains("/key-copies/", StringComparison.Ordinal)).OrderBy(o => o.Key.Value));
        await ReadAsync(store, _next);
        await ReadAsync(store, new KeyRing(_next, [_old]));
        await Assert.ThrowsAsync<WrongKeyException>(() => ReadAsync(store, _old));
        Assert.True(await RepositoryOf(store, _next).TenantExistsAsync("contoso", default));
    }

    [Fact]
    public async Task A_rotation_that_is_done_does_nothing_and_the_next_one_goes_on_from_it()
    {
        var store = await ALifeAsync();
        await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default);
        Assert.Equal(new KeyRotationResult(Wrapped: false, Removed: 0), await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default));
        var third = KeyFile.Create(_folder.Of("third"));
        Assert.Equal(new KeyRotationResult(Wrapped: true, Removed: 1), await RepositoryOf(store, _next).RotateKeyAsync("contoso", third, default));
        await ReadAsync(store, third);
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.StoppedAfter)]
    [InlineData(Fault.Full)]
    [InlineData(Fault.AnsweredTwice)]
    internal async Task A_rotation_that_was_stopped_anywhere_locks_nobody_out_and_can_be_ended(Fault fault)
    {
        var life = await ALifeAsync();
        for (var at = 0; at < 2; at++)
        {
            var store = life.Copy();
            try { await RepositoryOf(new FaultyBlobStore(store, at, fault), _old).RotateKeyAsync("contoso", _next, default); }
            catch (Exception e) when (e is StoppedException or VaultException) { }
            await ReadAsync(store, new KeyRing(_next, [_old]));
            await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default);
            await ReadAsync(store, _next);
            await Assert.ThrowsAsync<WrongKeyException>(() => ReadAsync(store, _old));
        }
    }

    [Fact]
    public async Task A_rotation_with_the_wrong_present_key_changes_nothing()
    {
        var store = await ALifeAsync();
        var other = KeyFile.Create(_folder.Of("other"));
        await Assert.ThrowsAsync<WrongKeyException>(() => RepositoryOf(store, other).RotateKeyAsync("contoso", _next, default));
        await ReadAsync(store, _old);
    }

    [Fact]
    public async Task A_tenant_that_was_rotated_is_not_created_again()
    {
        var store = await ALifeAsync();
        await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default);
        await RepositoryOf(store, _next).CreateTenantAsync("contoso", default);
        await ReadAsync(store, _next);
        Assert.DoesNotContain(new("contoso/keys"), store.Objects.Keys);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("key-copies/0000000001")]
    [InlineData("key-copies/0000000009")]
    public async Task A_key_object_of_before_a_rotation_that_is_put_back_changes_nothing_and_the_next_rotation_removes_it(string place)
    {
        var store = await ALifeAsync();
        var first = store.Objects[new("contoso/keys")];
        await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default);
        var earlier = place == "keys" ? first : store.Objects.Single(IsCopy).Value;
        var (third, fourth) = (KeyFile.Create(_folder.Of("third")), KeyFile.Create(_folder.Of("fourth")));
        await RepositoryOf(store, _next).RotateKeyAsync("contoso", third, default);
        store.Replace(new($"contoso/{place}"), earlier);

        await ReadAsync(store, third);
        await ReadAsync(store, new KeyRing(third, [_next, _old]));
        await RepositoryOf(store, third).CreateTenantAsync("contoso", default);
        await ReadAsync(store, third);
        await RepositoryOf(store, third).RotateKeyAsync("contoso", fourth, default);
        Assert.Single(store.Objects.Keys, n => n.Value.Contains("/key", StringComparison.Ordinal));
        await ReadAsync(store, fourth);
        await Assert.ThrowsAsync<WrongKeyException>(() => ReadAsync(store, new KeyRing(_old, [_next, third])));
    }

    [Fact]
    public async Task A_rotation_that_is_repeated_removes_an_earlier_key_object_that_was_put_back()
    {
        var store = await ALifeAsync();
        var earlier = store.Objects[new("contoso/keys")];
        await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default);
        store.Replace(new("contoso/keys"), earlier);
        await ReadAsync(store, _old); // the old key opens again what it opened before
        Assert.Equal(new KeyRotationResult(Wrapped: false, Removed: 1), await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default));
        await Assert.ThrowsAsync<WrongKeyException>(() => ReadAsync(store, _old));
        await ReadAsync(store, _next);
    }

    [Theory]
    [InlineData("keys")]
    [InlineData("key-copies/0000000009")]
    public async Task A_key_object_of_an_earlier_tenant_of_the_name_is_noticed_before_anything_is_written(string place)
    {
        var (store, earlier) = (await ALifeAsync(), await ALifeAsync());
        await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default);
        await RepositoryOf(earlier, _old).RotateKeyAsync("contoso", _next, default);
        store.Replace(new($"contoso/{place}"), earlier.Objects.Single(IsCopy).Value);
        await Assert.ThrowsAsync<KeyCopiesDifferException>(() => RepositoryOf(store, _next).OpenAsync(new("contoso", "mailbox-new"), default));
        await Assert.ThrowsAsync<KeyCopiesDifferException>(() => RepositoryOf(store, _next).RotateKeyAsync("contoso", _old, default));

        store.Remove(new("contoso/keys"));
        store.Remove(new("contoso/key-copies/0000000009"));
        store.Replace(new("contoso/key-copies/0000000001"), earlier.Objects.Single(IsCopy).Value);
        await Assert.ThrowsAsync<DamagedObjectException>(() => ReadAsync(store, _next)); // in the place of the tenant's own it opens nothing
    }

    [Fact]
    public async Task A_copy_that_is_damaged_or_belongs_to_another_tenant_opens_nothing()
    {
        var store = await ALifeAsync();
        await RepositoryOf(store, _old).RotateKeyAsync("contoso", _next, default);
        var (name, bytes) = store.Objects.Single(o => o.Key.Value.Contains("/key-copies/", StringComparison.Ordinal));
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            store.Replace(name, changed);
            // The name of the key is for people and rotations; a change in it opens nothing more and nothing less.
            var opened = true;
            try { await ReadAsync(store, _next); }
            catch (WrongKeyException) { opened = false; }
            Assert.True(!opened || at is >= 5 and < 45, $"byte {at}");
        }
        store.Replace(name, bytes);
        store.Replace(new("fabrikam/key-copies/0000000001"), bytes);
        await Assert.ThrowsAsync<WrongKeyException>(() => RepositoryOf(store, _next).OpenAsync(new("fabrikam", "mailbox"), default));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<MemoryBlobStore> ALifeAsync()
    {
        var store = new MemoryBlobStore();
        var vault = await AVault.OnAsync(store, key: _old);
        await using var run = await vault.BeginAsync();
        await run.PutAsync("a", AVault.Bytes(1, 500));
        await run.SealAsync();
        return store;
    }

    private static bool IsCopy(KeyValuePair<Vault.Stores.BlobName, byte[]> stored) => stored.Key.Value.Contains("/key-copies/", StringComparison.Ordinal);

    private static VaultRepository RepositoryOf(Vault.Stores.IBlobStore store, IKeyEncryption key) => new(store, key, AVault.SmallSizes, new ManualClock());

    private static async Task ReadAsync(MemoryBlobStore store, IKeyEncryption key)
    {
        var vault = await RepositoryOf(store, key).OpenAsync(AVault.Mailbox, default);
        var reader = await vault.OpenPointAsync((await vault.ListPointsAsync(default)).Single().Sequence, default);
        Assert.Equal(AVault.Bytes(1, 500), await reader.ReadAllAsync((await reader.FindAsync("a", default))!.Contents["mime"]));
    }
}
