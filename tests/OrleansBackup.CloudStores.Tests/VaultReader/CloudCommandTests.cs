using System.Diagnostics;
using Amazon.Runtime;
using OrleansBackup.CloudStores.Azure;
using OrleansBackup.CloudStores.KeyVault;
using OrleansBackup.CloudStores.S3;
using OrleansBackup.CloudStores.Tests.Azure;
using OrleansBackup.CloudStores.Tests.KeyVault;
using OrleansBackup.CloudStores.Tests.S3;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.VaultReader;

namespace OrleansBackup.CloudStores.Tests.VaultReader;

/// <summary>The reader of last resort on vaults in a bucket and a container, with a key file and with a key in Key Vault.</summary>
public sealed class CloudCommandTests : IDisposable
{
    private const string Id = "AKIDEXAMPLE", Secret = "a secret of the tests", Token = "a token of the tests";
    private readonly TemporaryFolder _folder = new();
    private readonly KeyFile _key;

    public CloudCommandTests() => _key = KeyFile.Create(_folder.Of("key"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_reads_a_bucket_with_an_access_key_from_the_environment_or_a_file()
    {
        await using var server = await BucketAsync();
        string[] options = ["--s3-bucket", "vault", "--s3-endpoint", $"{server.Address}", "--s3-region", "eu-central-1", "--key", _folder.Of("key")];
        await ReaderRun.AssertReadsAsync(ReaderRun.With(null, ("AWS_ACCESS_KEY_ID", Id), ("AWS_SECRET_ACCESS_KEY", Secret)), _folder.Of("out"), options);
        await File.WriteAllTextAsync(_folder.Of("access"), $"{Id}\n{Secret}\n");
        await ReaderRun.AssertReadsAsync(ReaderRun.With(null, ("AWS_ACCESS_KEY_ID", "another"), ("AWS_SECRET_ACCESS_KEY", "one")), _folder.Of("out2"), [.. options, "--s3-credentials-file", _folder.Of("access")]);
        await Assert.ThrowsAsync<StoreAccessRefusedException>(() => ReaderRun.RunAsync(ReaderRun.With(null, ("AWS_ACCESS_KEY_ID", Id), ("AWS_SECRET_ACCESS_KEY", "wrong")), ["ls", .. options]));
    }

    [Fact]
    public async Task The_built_command_reads_a_bucket_and_never_writes_to_it()
    {
        await using var server = await BucketAsync();
        server.Requests.Clear();
        var (code, output, errors) = await ProcessAsync(("AWS_ACCESS_KEY_ID", Id), ("AWS_SECRET_ACCESS_KEY", Secret),
            "verify", "--s3-bucket", "vault", "--s3-endpoint", $"{server.Address}", "--s3-region", "eu-central-1", "--key", _folder.Of("key"));
        Assert.True(code == 0, errors);
        Assert.Contains("Everything that was checked is sound.", output, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Matches("^(GET|HEAD) ", request));

        (code, _, errors) = await ProcessAsync(("AWS_ACCESS_KEY_ID", Id), ("AWS_SECRET_ACCESS_KEY", "wrong"),
            "ls", "--s3-bucket", "vault", "--s3-endpoint", $"{server.Address}", "--s3-region", "eu-central-1", "--key", _folder.Of("key"));
        Assert.Equal(4, code);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_a_container_with_the_machines_own_sign_in_and_a_key_in_Key_Vault()
    {
        await using var container = new AzureStubServer(Token, new ManualClock());
        await using var keys = new KeyVaultStubServer(Token);
        await container.StartAsync();
        await keys.StartAsync();
        keys.NewVersion();
        var signIn = new FixedToken(Token, DateTimeOffset.MaxValue);
        using (var store = AzureBlobStore.WithCredential(new(container.Address, "vault"), signIn, new(), TimeProvider.System))
        using (var key = new AzureKeyVault(keys.Key, signIn, new(), TimeProvider.System))
            await ReaderRun.BackUpAsync(store, key);
        await ReaderRun.AssertReadsAsync(ReaderRun.With(signIn), _folder.Of("out"), "--azure-url", $"{new Uri(container.Address, "vault")}", "--key-vault", $"{keys.Key}");
    }

    [Theory]
    [InlineData(2, "ls --key k")]
    [InlineData(2, "ls --store s --s3-bucket b --key k")]
    [InlineData(2, "ls --store s --key k --key-vault https://a.example/keys/b")]
    [InlineData(2, "ls --s3-bucket b --s3-endpoint nowhere --key k")]
    [InlineData(2, "ls --azure-url http://a.example/b --key k")]
    [InlineData(2, "ls --s3-bucket b --s3-secret x --key k")] // a secret on the command line is no option at all
    [InlineData(4, "ls --azure-container c --key k")]
    [InlineData(4, "ls --azure-container c --azure-connection-string-file nowhere --key k")]
    [InlineData(4, "ls --s3-bucket b --s3-credentials-file nowhere --key k")]
    public async Task What_does_not_go_together_or_lacks_a_secret_is_said(int code, string arguments) =>
        Assert.Equal((ExitCode)code, (await Assert.ThrowsAsync<CommandException>(() => ReaderRun.RunAsync(ReaderRun.With(new FixedToken(Token, DateTimeOffset.MaxValue)), arguments.Split(' ')))).Code);

    [Fact]
    public async Task A_connection_string_that_is_none_is_refused_without_being_repeated()
    {
        var refused = await Assert.ThrowsAsync<CommandException>(() => ReaderRun.RunAsync(
            ReaderRun.With(null, (StoreAccess.ConnectionStringVariable, "AccountName=a;AccountKey=not base64!")), "ls", "--azure-container", "c", "--key", _folder.Of("key")));
        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.DoesNotContain("not base64!", refused.Message, StringComparison.Ordinal);
    }

    private async Task<S3StubServer> BucketAsync()
    {
        var server = new S3StubServer("vault", Id, Secret, "eu-central-1", TimeProvider.System);
        await server.StartAsync();
        using var store = new S3BlobStore(new() { Bucket = "vault", Endpoint = server.Address, Region = "eu-central-1" }, new BasicAWSCredentials(Id, Secret), TimeProvider.System);
        await ReaderRun.BackUpAsync(store, _key);
        return server;
    }

    private static async Task<(int Code, string Output, string Errors)> ProcessAsync((string, string) id, (string, string) secret, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "vault.exe" : "vault"), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (variable, value) in new[] { id, secret })
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
