using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Tests.Given;

/// <summary>A vault with one tenant and small sizes, so that few items make many blocks, packs, parts and bases.</summary>
internal sealed class AVault
{
    public static readonly ResourceName Mailbox = new("contoso", "mailbox-1");
    private static readonly TemporaryFolder Keys = new();
    private static readonly Lazy<KeyFile> SharedKey = new(() => KeyFile.Create(Keys.Of("key")));

    public static VaultOptions SmallSizes { get; } = new()
    {
        SmallContentBytes = 2000, TargetBlockBytes = 1500, TargetPackBytes = 4000,
        LeastChunkBytes = 512, MeanChunkBytes = 1024, MostChunkBytes = 4096,
        SegmentsBeforeBase = 3, BaseBlockBytes = 600, BasePartBytes = 2500, GracePeriod = TimeSpan.FromDays(7),
    };

    /// <summary>The text of the key file.</summary>
    public static string KeyText => SharedKey.Value is not null ? File.ReadAllText(Keys.Of("key")) : "";

    private AVault(IBlobStore store, VaultOptions options, IKeyEncryption key, ManualClock clock)
    {
        (Store, Options, Key, Clock) = (store, options, key, clock);
        Repository = new(store, key, options, clock);
    }

    public IBlobStore Store { get; }
    public VaultOptions Options { get; }
    public IKeyEncryption Key { get; }
    public ManualClock Clock { get; }
    public VaultRepository Repository { get; }

    public static async Task<AVault> OnAsync(IBlobStore store, VaultOptions? options = null, IKeyEncryption? key = null, ManualClock? clock = null)
    {
        var vault = Existing(store, options, key, clock);
        await vault.Repository.CreateTenantAsync(Mailbox.Tenant, default);
        return vault;
    }

    public static AVault Existing(IBlobStore store, VaultOptions? options = null, IKeyEncryption? key = null, ManualClock? clock = null) =>
        new(store, options ?? SmallSizes, key ?? SharedKey.Value, clock ?? new());

    /// <summary>The same vault through another store: a decorator, or a copy.</summary>
    public AVault Through(IBlobStore store) => new(store, Options, Key, Clock);

    public Task<ResourceVault> OpenAsync() => Repository.OpenAsync(Mailbox, default);

    public async Task<RunWriter> BeginAsync(Guid? run = null) =>
        await (await OpenAsync()).BeginRunAsync(run ?? Guid.NewGuid(), Clock.GetUtcNow(), default);

    public static ItemVersion Item(string id, string name = "", string kind = "message", string? parent = "inbox", params (string Role, ContentReference Content)[] contents) =>
        new(id, parent, kind, name, contents.Sum(c => c.Content.Length), new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(1)),
            ImmutableSortedDictionary<string, string>.Empty.Add("from", "someone@contoso.example"),
            contents.ToImmutableSortedDictionary(c => c.Role, c => c.Content, StringComparer.Ordinal));

    /// <summary>Bytes that are the same for the same seed; text that compresses, or random bytes.</summary>
    public static byte[] Bytes(int seed, int length, bool compressible = true)
    {
        var text = new byte[length];
        new Random(seed).NextBytes(text);
        if (compressible)
            for (var i = 0; i < length; i++)
                text[i] = "etaoin shrdlu"u8[text[i] % 13];
        return text;
    }

    public static ImmutableSortedDictionary<string, string> NoDetails => ImmutableSortedDictionary<string, string>.Empty;
}

internal static class VaultReading
{
    public static async Task<byte[]> ReadAllAsync(this PointReader reader, ContentReference content)
    {
        await using var stream = await reader.OpenContentAsync(content, default);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public static async Task<ContentReference> PutAsync(this RunWriter run, string id, byte[] content, string kind = "message", string? parent = "inbox")
    {
        var reference = await run.StoreAsync(content, default);
        await run.UpsertAsync(AVault.Item(id, name: $"name of {id}", kind, parent, ("mime", reference)), default);
        return reference;
    }

    public static Task<RestorePoint> SealAsync(this RunWriter run, string checkpoint = "end") => run.SealAsync(checkpoint, AVault.NoDetails, default);
}
