using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Azure.Core;
using Azure.Identity;
using OrleansBackup.CloudStores.Azure;
using OrleansBackup.CloudStores.KeyVault;
using OrleansBackup.CloudStores.S3;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.VaultReader;

/// <summary>Opens the store and the key that a command line names. Secrets come from files, the environment or the machine's sign-in, never from the
/// command line: others on the machine can see that.</summary>
/// <param name="environment">Reads a variable of the environment.</param>
/// <param name="signIn">The machine's sign-in to Microsoft Entra ID.</param>
internal sealed class StoreAccess(Func<string, string?> environment, Func<TokenCredential> signIn)
{
    public const string ConnectionStringVariable = "VAULT_AZURE_CONNECTION_STRING";
    private const string Container = "azure-container", ContainerUrl = "azure-url", ConnectionStringFile = "azure-connection-string-file";
    private const string Bucket = "s3-bucket", Endpoint = "s3-endpoint", Region = "s3-region", HostStyle = "s3-host-style", CredentialsFile = "s3-credentials-file";

    /// <summary>The options that say where the store is: exactly one of them.</summary>
    public static readonly string[] Stores = ["store", Container, ContainerUrl, Bucket];

    /// <summary>The options that say where the key is: exactly one of them.</summary>
    public static readonly string[] Keys = ["key", "key-vault"];

    /// <summary>Every option of this class, and the one that has no value.</summary>
    public static readonly string[] WithValue = [.. Stores, .. Keys, ConnectionStringFile, Endpoint, Region, CredentialsFile], WithoutValue = [HostStyle];

    /// <summary>What this machine has.</summary>
    public static StoreAccess OfThisMachine { get; } = new(Environment.GetEnvironmentVariable, () => new DefaultAzureCredential());

    /// <exception cref="CommandException">There is no such folder, or what is needed to sign in is missing or malformed.</exception>
    public IBlobStore OpenStore(IReadOnlyDictionary<string, string> options)
    {
        if (options.TryGetValue("store", out var folder))
            return Directory.Exists(folder) ? new FolderBlobStore(folder) : throw new CommandException(ExitCode.Refused, $"There is no store folder '{folder}'.");
        if (options.TryGetValue(Bucket, out var bucket))
            return new S3BlobStore(S3OptionsOf(bucket, options), S3CredentialsOf(options), TimeProvider.System);
        if (options.TryGetValue(ContainerUrl, out var url))
            return AzureBlobStore.WithCredential(SafeAddress(ContainerUrl, url), signIn(), new(), TimeProvider.System);
        var account = options.TryGetValue(ConnectionStringFile, out var file) ? ReadSecret(file).Trim()
            : environment(ConnectionStringVariable) ?? throw new CommandException(ExitCode.Refused,
                $"'--{Container}' needs the account's connection string: in a file ('--{ConnectionStringFile}') or in the variable {ConnectionStringVariable}. With your own sign-in, take '--{ContainerUrl}'.");
        try { return AzureBlobStore.WithConnectionString(account, options[Container], new(), TimeProvider.System); }
        catch (FormatException e) { throw new CommandException(ExitCode.Refused, $"The connection string is not one of a storage account: {e.Message}."); }
    }

    public IKeyEncryption OpenKey(IReadOnlyDictionary<string, string> options)
    {
        if (options.TryGetValue("key", out var file))
            return KeyFile.Open(file);
        try { return new AzureKeyVault(SafeAddress("key-vault", options["key-vault"]), signIn(), new(), TimeProvider.System); }
        catch (ArgumentException e) { throw new CommandException(ExitCode.Usage, e.Message); }
    }

    private static S3BlobOptions S3OptionsOf(string bucket, IReadOnlyDictionary<string, string> options)
    {
        var known = new S3BlobOptions { Bucket = bucket, PathStyle = !options.ContainsKey(HostStyle) };
        return known with
        {
            Endpoint = options.TryGetValue(Endpoint, out var endpoint) ? Address(Endpoint, endpoint) : null, Region = options.GetValueOrDefault(Region, known.Region),
        };
    }

    /// <summary>From the file, two lines: id and secret of an access key; otherwise what every AWS tool on this machine takes.</summary>
    private AWSCredentials S3CredentialsOf(IReadOnlyDictionary<string, string> options)
    {
        if (options.TryGetValue(CredentialsFile, out var file))
            return ReadSecret(file).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var id, var secret]
                ? new BasicAWSCredentials(id, secret) : throw new CommandException(ExitCode.Refused, $"'{file}' has not the two lines of an access key: its id, and its secret.");
        if (environment("AWS_ACCESS_KEY_ID") is { Length: > 0 } key && environment("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } value)
            return environment("AWS_SESSION_TOKEN") is { Length: > 0 } token ? new SessionAWSCredentials(key, value, token) : new BasicAWSCredentials(key, value);
        try { return DefaultAWSCredentialsIdentityResolver.GetCredentials(); }
        catch (AmazonClientException e)
        {
            throw new CommandException(ExitCode.Refused, $"There is no access key for the bucket ({e.Message}): give '--{CredentialsFile}', or sign in as for other AWS tools.");
        }
    }

    private static string ReadSecret(string file) => File.Exists(file) ? File.ReadAllText(file) : throw new CommandException(ExitCode.Refused, $"There is no file '{file}'.");

    private static Uri SafeAddress(string option, string text) => Address(option, text) is var address && (address.Scheme == "https" || address.IsLoopback)
        ? address : throw new CommandException(ExitCode.Usage, $"'--{option}' must be an https address: a token is never sent unencrypted.");

    private static Uri Address(string option, string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
        ? address : throw new CommandException(ExitCode.Usage, $"'--{option}' is not an address: '{text}'.");
}
