using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Stores;

public sealed class FolderBlobStoreTests : RetainingBlobStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    public FolderBlobStoreTests() => Retaining = new FolderBlobStore(_folder.Of("vault"), _clock);

    protected override IRetainingBlobStore Retaining { get; }

    protected override RetentionStrength Strength => RetentionStrength.ByThisProduct;

    protected override DateTimeOffset Now => _clock.GetUtcNow();

    protected override void Pass(TimeSpan time) => _clock.Advance(time);

    [Fact]
    public async Task Nothing_but_objects_is_left_after_puts_that_won_and_lost()
    {
        await Store.PutIfAbsentAsync(new("a/b"), new byte[10], default);
        await Store.PutIfAbsentAsync(new("a/b"), new byte[10], default);
        Assert.Equal([_folder.Of("vault/a/b")], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_temporary_file_left_by_a_crash_is_no_object()
    {
        Directory.CreateDirectory(_folder.Of("vault/.tmp"));
        await File.WriteAllTextAsync(_folder.Of("vault/.tmp/0123"), "half");
        Assert.Empty(await Store.ListAsync("", default).ToListAsync());
        Assert.Empty(await Store.ListPartsAsync("", default).ToListAsync());
    }

    [Fact]
    public async Task A_put_that_fails_shows_nothing_and_is_not_called_a_full_disk_unless_it_is()
    {
        Directory.CreateDirectory(_folder.Of("vault"));
        await File.WriteAllTextAsync(_folder.Of("vault/.tmp"), "in the way of the temporary folder");
        await Assert.ThrowsAnyAsync<IOException>(() => Store.PutIfAbsentAsync(new("a/b"), new byte[10], default));
        Assert.Null(await Store.GetAsync(new("a/b"), default));
        Assert.False(FolderBlobStore.IsFull(new IOException("another", 5)));
    }

    /// <summary>/dev/full is a device of Linux on which every write finds no room.</summary>
    [Fact]
    public async Task The_error_of_a_full_disk_is_known_as_such()
    {
        if (!File.Exists("/dev/full"))
            return; // only Linux has it
        using var device = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        var failure = await Assert.ThrowsAnyAsync<IOException>(async () => await RandomAccess.WriteAsync(device, new byte[10], 0));
        Assert.True(FolderBlobStore.IsFull(failure), $"{failure.HResult}");
    }

    protected override void Dispose(bool disposing)
    {
        _folder.Dispose();
        base.Dispose(disposing);
    }
}
