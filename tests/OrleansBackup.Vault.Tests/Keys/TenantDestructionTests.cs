using System.Diagnostics;
using System.Text;
using OrleansBackup.Vault.Keys.Destruction;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Keys;

/// <summary>A tenant ends: nothing opens any more, and a record proves what can be proven.</summary>
public sealed class TenantDestructionTests : IDisposable
{
    private static readonly DestructionOrder Order = new("provider administrator", "end of contract \"2026\" – çödé");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly DeletionSigner _signer;

    public TenantDestructionTests() => _signer = DeletionSigner.Create(_folder.Of("signer"));

    [Fact]
    public async Task The_record_says_what_was_destroyed_and_that_nothing_opened_after()
    {
        var store = await ALifeAsync();
        var before = store.Copy().Objects;
        var signed = await DestroyAsync(store);
        var verdict = Verify(signed);

        Assert.Empty(verdict.Problems);
        var record = verdict.Record!;
        Assert.Equal((before.Count, before.Values.Sum(bytes => (long)bytes.Length)), (record.Inventory.Objects, record.Inventory.Bytes));
        Assert.Equal(("contoso", "memory", Order.Reason), (record.Tenant, record.Store, record.Reason));
        Assert.Equal("contoso/keys", Assert.Single(record.Keys).Name);
        Assert.Equal(5, record.Attempts.Length);
        Assert.All(record.Attempts, attempt => Assert.Contains("no key", attempt.Error, StringComparison.Ordinal));
        Assert.All(record.Attempts, attempt => Assert.Contains("not those that were written", attempt.OtherKeyError, StringComparison.Ordinal));
        Assert.Equal(new ObjectsLeft(0, 0, null), record.ObjectsLeft);
        await new TenantDestruction(store, "memory", AVault.Existing(store).Key, _signer, _clock).ForgetAsync("contoso", default);
        Assert.Empty(store.Objects);
    }

    [Fact]
    public async Task The_objects_are_still_there_when_they_are_tried_and_do_not_open()
    {
        var store = await ALifeAsync();
        var kept = store.Copy(); // somebody kept a copy of everything but the key
        kept.Remove(new("contoso/keys"));
        var signed = await DestroyAsync(store);
        foreach (var attempt in Verify(signed).Record!.Attempts)
            Assert.Equal(attempt.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(kept.Objects[new(attempt.Name)])));
        await Assert.ThrowsAsync<TenantKeyMissingException>(() => AVault.Existing(kept).OpenAsync());
    }

    [Theory]
    [InlineData(Fault.Stopped)]
    [InlineData(Fault.StoppedAfter)]
    internal async Task A_destruction_that_was_stopped_anywhere_is_ended_by_the_next_call(Fault fault)
    {
        var life = await ALifeAsync();
        for (var at = 0; ; at++)
        {
            var store = life.Copy();
            var faulty = new FaultyBlobStore(store, at, fault);
            try
            {
                await DestroyAsync(faulty);
                Assert.True(at > 5, "the harness stopped nothing");
                break;
            }
            catch (StoppedException) { }
            var verdict = Verify(await DestroyAsync(store));
            Assert.Empty(verdict.Problems);
            Assert.Equal(life.Objects.Count, verdict.Record!.Inventory.Objects);
            Assert.All(store.Objects.Keys, name => Assert.StartsWith("contoso/destruction/", name.Value, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_changed_record_signature_key_or_inventory_is_found()
    {
        var signed = await DestroyAsync(await ALifeAsync());
        for (var at = 0; at < signed.Record.Length; at += 7)
        {
            var changed = signed.Record.ToArray();
            changed[at] ^= 1;
            Assert.False(Verify(signed with { Record = changed }).IsValid, $"byte {at}");
        }
        for (var at = 0; at < signed.Signature.Length; at++)
        {
            var changed = signed.Signature.ToArray();
            changed[at] ^= 1;
            Assert.False(Verify(signed with { Signature = changed }).IsValid, $"byte {at} of the signature");
        }
        Assert.False(Verify(signed with { Inventory = [.. signed.Inventory, (byte)'\n'] }).IsValid);
        using var other = DeletionSigner.Create(_folder.Of("other"));
        Assert.False(Verify(signed with { PublicKeyPem = other.PublicKeyPem }).IsValid);
        Assert.False(Verify(signed with { PublicKeyPem = "nonsense" }).IsValid);
    }

    [Fact]
    public async Task A_record_that_proves_nothing_is_not_valid_even_if_it_is_signed()
    {
        var signed = await DestroyAsync(await ALifeAsync());
        var record = Verify(signed).Record!;
        Assert.True(Signed(record).IsValid);
        Assert.False(Signed(record with { Attempts = [] }).IsValid);
        Assert.False(Signed(record with { Keys = [] }).IsValid);
        Assert.False(Signed(record with { KeyError = "" }).IsValid);
        Assert.False(Signed(record with { Attempts = [.. record.Attempts.Select(attempt => attempt with { OtherKeyError = "" })] }).IsValid);

        DeletionVerdict Signed(DeletionRecord changed)
        {
            var bytes = CanonicalJson.Write(changed);
            return DeletionRecordVerifier.Verify(bytes, _signer.Sign(bytes), _signer.PublicKeyPem, null);
        }
    }

    [Fact]
    public async Task What_the_store_keeps_is_told_and_is_unreadable()
    {
        var store = new FolderBlobStore(_folder.Of("vault"), _clock);
        await LiveAsync(await AVault.OnAsync(store, AVault.SmallSizes with { RetainFor = TimeSpan.FromDays(30) }, clock: _clock));
        var record = Verify(await DestroyAsync(store)).Record!;
        Assert.Equal(record.Inventory.Objects - 1, record.ObjectsLeft.Objects); // all but the key
        Assert.Equal("2026-03-31T02:00:00Z", record.ObjectsLeft.KeptUntil);
        _clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(0, Verify(await DestroyAsync(store)).Record!.ObjectsLeft.Objects);
    }

    [Fact]
    public async Task A_tenant_whose_destruction_is_not_finished_is_not_created_again()
    {
        var store = await ALifeAsync();
        await DestroyAsync(store);
        await Assert.ThrowsAsync<DeletionRecordException>(() => AVault.Existing(store).Repository.CreateTenantAsync("contoso", default));
        await new TenantDestruction(store, "memory", AVault.Existing(store).Key, _signer, _clock).ForgetAsync("contoso", default);
        await AVault.Existing(store).Repository.CreateTenantAsync("contoso", default);
    }

    /// <summary>With nothing but openssl and sha256sum's rule, as DELETION-RECORD.md says.</summary>
    [Fact]
    public async Task Openssl_alone_verifies_the_signature()
    {
        var signed = await DestroyAsync(await ALifeAsync());
        await File.WriteAllBytesAsync(_folder.Of("record.json"), signed.Record);
        await File.WriteAllBytesAsync(_folder.Of("record.sig"), signed.Signature);
        await File.WriteAllTextAsync(_folder.Of("provider.pem"), signed.PublicKeyPem);
        if (await OpensslAsync() is not { } status)
        {
            Console.WriteLine("openssl is not at hand: the check of a deletion record with it is left out.");
            return;
        }
        Assert.Equal(0, status);
        signed.Record[^2] ^= 1;
        await File.WriteAllBytesAsync(_folder.Of("record.json"), signed.Record);
        Assert.NotEqual(0, await OpensslAsync());
    }

    [Fact]
    public void The_signers_file_is_made_once_and_opens_again()
    {
        using var again = DeletionSigner.Open(_folder.Of("signer"));
        Assert.Equal(_signer.PublicKeyPem, again.PublicKeyPem);
        Assert.Throws<IOException>(() => DeletionSigner.Create(_folder.Of("signer")));
        Assert.Throws<KeyFileMissingException>(() => DeletionSigner.Open(_folder.Of("none")));
        File.WriteAllText(_folder.Of("text"), "no key");
        if (OperatingSystem.IsWindows())
            return;
        Assert.Throws<KeyFileRefusedException>(() => DeletionSigner.Open(_folder.Of("text"))); // readable by others
        File.SetUnixFileMode(_folder.Of("text"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Throws<KeyFileRefusedException>(() => DeletionSigner.Open(_folder.Of("text")));
    }

    [Fact]
    public void Canonical_form_does_not_depend_on_how_it_was_written()
    {
        var bytes = CanonicalJson.Write(new ObjectsLeft(3, 4, "é\"\n"));
        Assert.Equal("{\"bytes\":4,\"keptUntil\":\"é\\\"\\n\",\"objects\":3}", Encoding.UTF8.GetString(bytes));
        Assert.True(CanonicalJson.IsCanonical(bytes));
        Assert.False(CanonicalJson.IsCanonical("{\"objects\":3,\"bytes\":4}"u8));
        Assert.False(CanonicalJson.IsCanonical("{\"bytes\": 4}"u8));
    }

    public void Dispose()
    {
        _signer.Dispose();
        _folder.Dispose();
    }

    private static DeletionVerdict Verify(SignedDeletionRecord signed) =>
        DeletionRecordVerifier.Verify(signed.Record, signed.Signature, signed.PublicKeyPem, signed.Inventory);

    private static async Task<MemoryBlobStore> ALifeAsync()
    {
        var store = new MemoryBlobStore();
        await LiveAsync(await AVault.OnAsync(store));
        return store;
    }

    private static async Task LiveAsync(AVault vault)
    {
        for (var day = 1; day <= 3; day++)
        {
            await using var run = await vault.BeginAsync();
            await run.PutAsync($"small-{day}", AVault.Bytes(day, 500));
            await run.PutAsync($"large-{day}", AVault.Bytes(day, 3_000, compressible: false));
            await run.SealAsync();
        }
    }

    private Task<SignedDeletionRecord> DestroyAsync(IBlobStore store) =>
        new TenantDestruction(store, "memory", AVault.Existing(store).Key, _signer, _clock).DestroyAsync("contoso", Order, sample: 5, default);

    private async Task<int?> OpensslAsync()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-verify", "provider.pem", "-signature", "record.sig", "record.json"])
            {
                WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception) { return null; } // not installed
    }
}
