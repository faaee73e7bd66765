using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Azure.Identity;
using OrleansBackup.CloudStores.Azure;
using OrleansBackup.CloudStores.S3;
using OrleansBackup.Grains.Composition;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Silo.Stores;

/// <summary>Containers of Azure storage accounts.</summary>
internal sealed class AzureStoreFactory : IStoreFactory
{
    public string Kind => "azure";

    public IEnumerable<string> Problems(StoreSettings settings)
    {
        if (settings.ConnectionString is null)
        {
            if (settings.Url is null)
                yield return "Url is not set: give the container's address (https://account.blob.core.windows.net/container), or ConnectionString and Container.";
            else if (settings.Url.Scheme != Uri.UriSchemeHttps)
                yield return "Url is not an https address: a token is never sent unencrypted.";
            yield break;
        }
        if (string.IsNullOrWhiteSpace(settings.Container))
            yield return "Container is not set: name the container in the account of ConnectionString.";
        else if (Malformed(settings) is { } problem)
            yield return $"ConnectionString is not one of a storage account: {problem}.";
    }

    public IBlobStore Create(StoreSettings settings, TimeProvider time)
    {
        var options = new AzureBlobOptions { LockRetention = settings.LockRetention };
        return settings.ConnectionString is { } account
            ? AzureBlobStore.WithConnectionString(account, settings.Container!, options, time)
            : AzureBlobStore.WithCredential(settings.Url!, new DefaultAzureCredential(), options, time);
    }

    /// <summary>One question, which shows whether the container is there and lets us in.</summary>
    public async Task CheckAsync(IBlobStore store, CancellationToken cancellation) => await store.GetLengthAsync(new("check/none"), cancellation);

    private static string? Malformed(StoreSettings settings)
    {
        try
        {
            using var store = AzureBlobStore.WithConnectionString(settings.ConnectionString!, settings.Container!, new(), TimeProvider.System);
            return null;
        }
        catch (FormatException e) { return e.Message; } // says which part, never the key
    }
}

/// <summary>Buckets of Amazon S3 and what speaks its protocol.</summary>
internal sealed class S3StoreFactory : IStoreFactory
{
    public string Kind => "s3";

    public IEnumerable<string> Problems(StoreSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Bucket))
            yield return "Bucket is not set: name the bucket.";
        if (string.IsNullOrWhiteSpace(settings.Region))
            yield return "Region is not set: requests are signed for it (eu-central-1).";
        if (settings.AccessKey is null != settings.SecretKey is null)
            yield return "AccessKey and SecretKey belong together: set both, or none to use the machine's own sign-in.";
    }

    public IBlobStore Create(StoreSettings settings, TimeProvider time)
    {
        AWSCredentials credentials = settings.AccessKey is { } key ? new BasicAWSCredentials(key, settings.SecretKey) : DefaultAWSCredentialsIdentityResolver.GetCredentials();
        return new S3BlobStore(
            new() { Bucket = settings.Bucket!, Endpoint = settings.Url, Region = settings.Region!, PathStyle = settings.PathStyle, LockRetention = settings.LockRetention }, credentials, time);
    }

    /// <summary>Writes and removes one small object: a service that ignores conditional writes would lose backups.</summary>
    public Task CheckAsync(IBlobStore store, CancellationToken cancellation) => ((S3BlobStore)store).CheckAsync(cancellation);
}
