using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Keys;

public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_key_opened_again_unwraps_what_it_wrapped()
    {
        var wrapped = await KeyFile.Create(_folder.Of("key")).WrapAsync(AVault.Bytes(1, 32, compressible: false), "contoso", default);
        Assert.Equal(AVault.Bytes(1, 32, compressible: false), await KeyFile.Open(_folder.Of("key")).UnwrapAsync(wrapped, "contoso", default));
    }

    [Fact]
    public async Task A_wrapped_key_opens_for_its_own_tenant_and_key_only_and_unchanged_only()
    {
        var key = KeyFile.Create(_folder.Of("key"));
        var wrapped = await key.WrapAsync(new byte[32], "contoso", default);
        await Assert.ThrowsAsync<WrongKeyException>(() => key.UnwrapAsync(wrapped, "fabrikam", default));
        await Assert.ThrowsAsync<WrongKeyException>(() => KeyFile.Create(_folder.Of("other")).UnwrapAsync(wrapped, "contoso", default));
        await Assert.ThrowsAsync<WrongKeyException>(() => key.UnwrapAsync(ReadOnlyMemory<byte>.Empty, "contoso", default));
        for (var at = 0; at < wrapped.Length; at++)
        {
            var changed = wrapped.ToArray();
            changed[at] ^= 1;
            await Assert.ThrowsAsync<WrongKeyException>(() => key.UnwrapAsync(changed, "contoso", default));
        }
    }

    [Fact]
    public async Task The_same_key_is_never_wrapped_the_same_way_twice()
    {
        var key = KeyFile.Create(_folder.Of("key"));
        Assert.NotEqual(await key.WrapAsync(new byte[32], "contoso", default), await key.WrapAsync(new byte[32], "contoso", default));
    }

    [Fact]
    public void A_key_file_is_never_overwritten()
    {
        KeyFile.Create(_folder.Of("key"));
        var before = File.ReadAllText(_folder.Of("key"));
        Assert.Throws<IOException>(() => KeyFile.Create(_folder.Of("key")));
        Assert.Equal(before, File.ReadAllText(_folder.Of("key")));
    }

    [Fact]
    public void A_missing_key_file_says_what_to_do()
    {
        var missing = Assert.Throws<KeyFileMissingException>(() => KeyFile.Open(_folder.Of("key")));
        Assert.Contains("safe copy", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)]
    public void A_key_file_with_another_mode_than_600_is_refused(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return; // Windows has no mode
        KeyFile.Create(_folder.Of("key"));
        File.SetUnixFileMode(_folder.Of("key"), mode);
        Assert.Throws<KeyFileRefusedException>(() => KeyFile.Open(_folder.Of("key")));
    }

    [Fact]
    public void A_file_that_is_no_key_is_refused()
    {
        KeyFile.Create(_folder.Of("key"));
        foreach (var text in new[] { "", "orleansbackup-key-v1\n", "orleansbackup-key-v2\nAAAA\n", "orleansbackup-key-v1\nAAAA\n" })
        {
            File.WriteAllText(_folder.Of("key"), text);
            Assert.Throws<KeyFileRefusedException>(() => KeyFile.Open(_folder.Of("key")));
        }
    }

    public void Dispose() => _folder.Dispose();
}
