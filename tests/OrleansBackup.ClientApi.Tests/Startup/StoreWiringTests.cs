using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansBackup.CloudStores.Azure;
using OrleansBackup.CloudStores.KeyVault;
using OrleansBackup.CloudStores.S3;
using OrleansBackup.Grains;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Silo.Stores;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.ClientApi.Tests.Startup;

/// <summary>From configuration to stores and keys, as the server does it. Nothing here reaches a network.</summary>
public sealed class StoreWiringTests : IDisposable
{
    private const string Account = "DefaultEndpointsProtocol=https;AccountName=one;AccountKey=aGVsbG8=;EndpointSuffix=core.windows.net";
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansbackup-wiring-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_kind_of_store_is_made_from_its_settings()
    {
        var factories = Services([]).GetServices<IStoreFactory>().ToDictionary(factory => factory.Kind);
        Assert.Equal(["azure", "folder", "s3"], factories.Keys.Order());
        Assert.IsType<FolderBlobStore>(Made(factories["folder"], new() { Kind = "folder", Path = _folder }));
        using var azure = Assert.IsType<AzureBlobStore>(Made(factories["azure"], new() { Kind = "azure", Url = new("https://one.blob.core.windows.net/vault") }));
        using var byKey = Assert.IsType<AzureBlobStore>(Made(factories["azure"], new() { Kind = "azure", ConnectionString = Account, Container = "vault" }));
        using var s3 = Assert.IsType<S3BlobStore>(Made(factories["s3"], new() { Kind = "s3", Bucket = "vault", Region = "eu-central-1", AccessKey = "a", SecretKey = "b" }));
    }

    [Theory]
    [InlineData("azure", "Url is not set")]
    [InlineData("azure", "never sent unencrypted", "Url", "http://one.blob.core.windows.net/vault")]
    [InlineData("azure", "Container is not set", "ConnectionString", Account)]
    [InlineData("azure", "is not one of a storage account", "ConnectionString", "hush", "Container", "vault")]
    [InlineData("s3", "Bucket is not set", "Region", "eu-central-1")]
    [InlineData("s3", "Region is not set", "Bucket", "vault")]
    [InlineData("s3", "belong together", "Bucket", "vault", "Region", "eu-central-1", "AccessKey", "hush")]
    public void What_a_store_lacks_is_named_and_no_secret_is(string kind, string expected, params string[] settings)
    {
        var configured = new Dictionary<string, string?> { ["Vault:Stores:main:Kind"] = kind };
        foreach (var pair in settings.Chunk(2))
            configured[$"Vault:Stores:main:{pair[0]}"] = pair[1];
        var refused = Assert.Throws<OptionsValidationException>(() => Services(configured).GetRequiredService<IOptions<StoresOptions>>().Value);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Vault:Stores:main:", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_one_key_and_it_is_the_file_of_the_data_folder_unless_told_otherwise()
    {
        var services = Services([]);
        Assert.Single(services.GetServices<IKeyEncryption>());
        Assert.IsType<KeyFile>(services.GetRequiredService<IKeyEncryption>());
        Assert.True(File.Exists(Path.Combine(_folder, "keys", "provider.key")));
        Assert.IsType<AzureKeyVault>(Services(new() { ["Keys:File"] = Path.Combine(_folder, "none.key"), ["Keys:AzureKeyVault"] = "https://one.vault.azure.net/keys/backup" })
            .GetRequiredService<IKeyEncryption>());
    }

    [Fact]
    public async Task A_next_key_is_made_beside_the_previous_one_which_goes_on_opening()
    {
        var before = Services([]).GetRequiredService<IKeyEncryption>();
        var wrapped = await before.WrapAsync(new byte[32], "t", default);
        var (next, previous) = (Path.Combine(_folder, "next.key"), Path.Combine(_folder, "keys", "provider.key"));
        Directory.CreateDirectory(Path.Combine(_folder, "vault", "t")); // a vault with data in it: no other key may be made
        Assert.Throws<KeyFileMissingException>(() => Services(new() { ["Keys:File"] = next }).GetRequiredService<IKeyEncryption>());

        var keys = Services(new() { ["Keys:File"] = next, ["Keys:Previous:File"] = previous }).GetRequiredService<ProviderKeys>();
        Assert.True(keys.HasEarlier);
        Assert.Equal(new byte[32], await keys.Ring.UnwrapAsync(wrapped, "t", default));
        Assert.NotEqual(await before.IdentifyAsync(default), await keys.Ring.IdentifyAsync(default));
        await Assert.ThrowsAsync<WrongKeyException>(() => keys.Current.UnwrapAsync(wrapped, "t", default));
    }

    [Fact]
    public async Task A_key_file_of_before_goes_on_opening_beside_key_vault()
    {
        var before = Services([]).GetRequiredService<IKeyEncryption>();
        var wrapped = await before.WrapAsync(new byte[32], "t", default);
        var keys = Services(new() { ["Keys:AzureKeyVault"] = "https://one.vault.azure.net/keys/backup" }).GetRequiredService<ProviderKeys>();
        Assert.IsType<AzureKeyVault>(keys.Current);
        Assert.Equal(new byte[32], await keys.Ring.UnwrapAsync(wrapped, "t", default));
    }

    [Theory]
    [InlineData("Keys:AzureKeyVault", "http://one.vault.azure.net/keys/backup")]
    [InlineData("Keys:AzureKeyVault", "https://one.vault.azure.net/keys/backup/version")]
    [InlineData("Keys:Previous:AzureKeyVault", "https://one.vault.azure.net/secrets/backup")]
    [InlineData("Keys:File", "provider.key")]
    [InlineData("Keys:Previous:File", "provider.key")]
    public void A_wrong_setting_of_the_keys_is_named(string setting, string value) => Assert.Contains(
        $"{setting} is", Assert.Throws<OptionsValidationException>(() => Services(new() { [setting] = value }).GetRequiredService<IOptions<ProviderKeyOptions>>().Value).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_store_that_must_not_be_used_stops_the_start_and_one_that_is_away_does_not()
    {
        var settings = new Dictionary<string, string?> { ["Vault:Stores:main:Kind"] = "asked" };
        await StoresAtStart.CheckAsync(Services(settings, new AskedFactory(_folder, null)), default);
        await StoresAtStart.CheckAsync(Services(settings, new AskedFactory(_folder, new StoreUnavailableException("main", "no answer"))), default);
        var refused = new StoreProtocolException("main", "it ignores If-None-Match");
        Assert.Same(refused, await Assert.ThrowsAsync<StoreProtocolException>(() => StoresAtStart.CheckAsync(Services(settings, new AskedFactory(_folder, refused)), default)));
        Assert.Contains("If-None-Match", Silo.Startup.StartupProblem.Explain(refused), StringComparison.Ordinal);
    }

    private static IBlobStore Made(IStoreFactory factory, StoreSettings settings)
    {
        Assert.Empty(factory.Problems(settings));
        return factory.Create(settings, TimeProvider.System);
    }

    private ServiceProvider Services(Dictionary<string, string?> settings, IStoreFactory? further = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(settings) { ["Data:Folder"] = _folder }).Build();
        var services = new ServiceCollection().AddLogging().AddBackupService(configuration);
        services.AddSingleton<IStoreFactory, AzureStoreFactory>().AddSingleton<IStoreFactory, S3StoreFactory>().AddSingleton<IKeyVaultFactory, AzureKeyVaultFactory>();
        if (further is not null)
            services.AddSingleton(further);
        return services.BuildServiceProvider();
    }

    private sealed class AskedFactory(string folder, VaultException? answer) : IStoreFactory
    {
        public string Kind => "asked";

        public IEnumerable<string> Problems(StoreSettings settings) => [];

        public IBlobStore Create(StoreSettings settings, TimeProvider time) => new FolderBlobStore(Path.Combine(folder, "asked"), time);

        public Task CheckAsync(IBlobStore store, CancellationToken cancellation) => answer is null ? Task.CompletedTask : Task.FromException(answer);
    }
}
