using System.Net;
using System.Runtime.CompilerServices;
using Azure.Core;
using OrleansBackup.CloudStores.Transient;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.Azure;

/// <summary>Keeps objects as block blobs in one container of an Azure storage account.</summary>
/// <remarks>
/// Azure confirms a put when it is durable in the account's redundancy. Every upload carries the MD5 of its bytes, which the service
/// compares; whole downloads and ranges up to 4 MiB carry it back and are compared here. A put whose answer was lost is sent again; a mark
/// of its own in the object's metadata tells then whether the object is this call's.
/// <para>The region of an account is not part of its data plane, so <see cref="IBlobStore.ReportRegionAsync"/> stays silent.</para>
/// </remarks>
public sealed partial class AzureBlobStore : IRetainingBlobStore, IDisposable
{
    private const int LargestCheckedRange = 4 << 20;
    private const string WriterHeader = "x-ms-meta-putby";

    private readonly HttpClient _http;
    private readonly AzureClient _client;
    private readonly AzureBlobOptions _options;
    private readonly TimeProvider _time;

    private AzureBlobStore(Uri container, IAzureAuthorization authorization, AzureBlobOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        (_options, _time) = (options, time);
        _http = new(handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
        _client = new(_http, container, authorization, options.Retry, time);
    }

    /// <summary>Signs in with the account key of a connection string.</summary>
    /// <exception cref="FormatException">The connection string is not one.</exception>
    public static AzureBlobStore WithConnectionString(
        string connectionString, string container, AzureBlobOptions options, TimeProvider time, HttpMessageHandler? handler = null)
    {
        var account = AzureConnectionString.Parse(connectionString);
        var address = new Uri($"{account.BlobEndpoint.AbsoluteUri.TrimEnd('/')}/{container}");
        return new(address, new SharedKeyAuthorization(account.Account, account.Key), options, time, handler);
    }

    /// <summary>Signs in with Microsoft Entra ID.</summary>
    /// <param name="container">Its address: https://{account}.blob.core.windows.net/{container}.</param>
    public static AzureBlobStore WithCredential(
        Uri container, TokenCredential credential, AzureBlobOptions options, TimeProvider time, HttpMessageHandler? handler = null) =>
        new(container, new TokenAuthorization(credential, time), options, time, handler);

    /// <summary>Creates the container unless it exists: for tests and for the first start.</summary>
    public Task CreateContainerAsync(CancellationToken cancellation) => _client.SendAsync(HttpMethod.Put, "", "restype=container", NoMore, (response, _, _) =>
        Task.FromResult(response.IsSuccessStatusCode || AzureFailure.CodeOf(response) == "ContainerAlreadyExists" ? true : throw FailureOf(response, null)), cancellation);

    public Task<bool> PutIfAbsentAsync(BlobName name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        PutAsync(name, bytes, null, cancellation);

    public Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, CancellationToken cancellation) => GetAsync(name, NoMore, cancellation);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(BlobName name, long offset, int length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return length == 0 ? EmptyIfThereAsync(name, cancellation) : GetAsync(name, request =>
        {
            request.Headers.TryAddWithoutValidation("x-ms-range", $"bytes={offset}-{offset + length - 1}");
            if (length <= LargestCheckedRange)
                request.Headers.TryAddWithoutValidation("x-ms-range-get-content-md5", "true");
        }, cancellation);
    }

    public Task<long?> GetLengthAsync(BlobName name, CancellationToken cancellation) =>
        HeadAsync(name, response => response.Content.Headers.ContentLength, cancellation);

    public async IAsyncEnumerable<BlobName> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(prefix, delimiter: "", cancellation))
            foreach (var name in page.Names)
                yield return new(name);
    }

    public async IAsyncEnumerable<string> ListPartsAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in PagesAsync(prefix, delimiter: "/", cancellation))
            foreach (var part in page.Prefixes)
                yield return part[prefix.Length..].TrimEnd('/');
    }

    public async Task<bool> DeleteAsync(BlobName name, CancellationToken cancellation)
    {
        name.EnsureValid();
        var (retention, version, now) = await PropertiesAsync(name, cancellation);
        if (retention is null)
            return false;
        // With versioning a delete is never refused: it turns the object into an earlier version that still takes space, hidden from us.
        if (retention.Until is { } until && until > now)
            throw new ObjectRetainedException(name, until);
        var deleted = await DeleteAsync(name, "", cancellation);
        // The earlier version that it has become goes too.
        if (deleted && version is not null)
            await DeleteAsync(name, $"versionid={Uri.EscapeDataString(version)}", cancellation);
        return deleted;
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> PutAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset? retainUntil, CancellationToken cancellation)
    {
        name.EnsureValid();
        if (await PutWholeAsync(name, bytes, retainUntil, cancellation))
            return true;
        if (await GetLengthAsync(name, cancellation) is not null)
            return false;
        // Taken and yet not there: blocks of an upload that was given up may count as taken. A list of blocks takes their place.
        var block = BlockId(Guid.NewGuid(), 0);
        await PutBlockAsync(name, block, bytes, cancellation);
        return await CommitBlocksAsync(name, [block], retainUntil, cancellation);
    }

    private Task<bool> PutWholeAsync(BlobName name, ReadOnlyMemory<byte> bytes, DateTimeOffset? retainUntil, CancellationToken cancellation)
    {
        var md5 = TransferChecksum.Of(bytes.Span);
        return CreateAsync(name, "", request =>
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentMD5 = md5;
            request.Headers.TryAddWithoutValidation("x-ms-blob-type", "BlockBlob");
            AddRetention(request, retainUntil);
        }, cancellation);
    }

    /// <summary>A request that makes the object unless its name is taken.</summary>
    private async Task<bool> CreateAsync(BlobName name, string query, Action<HttpRequestMessage> prepare, CancellationToken cancellation)
    {
        var writer = Guid.NewGuid().ToString("N");
        var created = await _client.SendAsync(HttpMethod.Put, name.Value, query, request =>
        {
            prepare(request);
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
            request.Headers.TryAddWithoutValidation(WriterHeader, writer);
        }, (response, _, _) => Task.FromResult(
            response.IsSuccessStatusCode || (AzureFailure.CodeOf(response) is "BlobAlreadyExists" or "ConditionNotMet" ? false : throw FailureOf(response, name))), cancellation);
        // The name may be taken by this very call: by an attempt whose answer was lost, here or in a layer below that tries again by itself.
        return created || await HeadAsync(name, WriterOf, cancellation) == writer;
    }

    private Task<ReadOnlyMemory<byte>?> GetAsync(BlobName name, Action<HttpRequestMessage> prepare, CancellationToken cancellation)
    {
        name.EnsureValid();
        return _client.SendAsync<ReadOnlyMemory<byte>?>(HttpMethod.Get, name.Value, "", prepare, async (response, _, token) => response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.PartialContent => await ReadCheckedAsync(response, token),
            HttpStatusCode.RequestedRangeNotSatisfiable => ReadOnlyMemory<byte>.Empty,
            HttpStatusCode.NotFound when IsAbsent(response) => (ReadOnlyMemory<byte>?)null, // a bare null would become empty bytes
            _ => throw FailureOf(response, name),
        }, cancellation);
    }

    private async Task<ReadOnlyMemory<byte>?> EmptyIfThereAsync(BlobName name, CancellationToken cancellation) =>
        await GetLengthAsync(name, cancellation) is null ? (ReadOnlyMemory<byte>?)null : ReadOnlyMemory<byte>.Empty;

    private async Task<ReadOnlyMemory<byte>> ReadCheckedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
        // On an answer with a part, only what was asked for with the range speaks of the part; the object's own MD5 has a name of its own there.
        if (response.Content.Headers.ContentMD5 is { } md5 && !md5.AsSpan().SequenceEqual(TransferChecksum.Of(bytes)))
            throw new PassingFailureException("bytes changed on the way", null, e => new StoreUnavailableException(_client.Store, "bytes changed on the way", e));
        return bytes;
    }

    private Task<T?> HeadAsync<T>(BlobName name, Func<HttpResponseMessage, T> read, CancellationToken cancellation)
    {
        name.EnsureValid();
        return _client.SendAsync(HttpMethod.Head, name.Value, "", NoMore, (response, _, _) => Task.FromResult(
            response.IsSuccessStatusCode ? read(response) : IsAbsent(response) ? default(T?) : throw FailureOf(response, name)), cancellation);
    }

    private Task<bool> DeleteAsync(BlobName name, string query, CancellationToken cancellation) =>
        _client.SendAsync(HttpMethod.Delete, name.Value, query, NoMore, (response, attempt, _) => Task.FromResult(
            // Absent on a later attempt: the one before did it, and its answer was lost.
            response.IsSuccessStatusCode || (IsAbsent(response) ? attempt > 0 : throw FailureOf(response, name))), cancellation);

    private static bool IsAbsent(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NotFound && AzureFailure.CodeOf(response) is null or "BlobNotFound" or "ResourceNotFound";

    private static string? WriterOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(WriterHeader, out var values) ? values.First() : null;

    private Exception FailureOf(HttpResponseMessage response, BlobName? name) => AzureFailure.Of(response, _client.Store, name);

    private static void NoMore(HttpRequestMessage request) { }
}
