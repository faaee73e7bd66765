using Amazon.S3;
using Amazon.S3.Model;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.CloudStores.S3;

/// <summary>Uploads that never hold the object whole: parts go up one by one, and one request makes an object of them if its name is free.</summary>
/// <remarks>An upload that fails is given up at once; what a killed process leaves is for the bucket's rule on unfinished uploads.</remarks>
public sealed partial class S3BlobStore
{
    public async Task<bool> PutIfAbsentAsync(BlobName name, Stream content, long length, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (length <= _options.PartBytes)
        {
            var whole = new byte[length];
            await content.ReadExactlyAsync(whole, cancellation);
            return await PutIfAbsentAsync(name, whole, cancellation);
        }
        if (await GetLengthAsync(name, cancellation) is not null)
            return false;
        var writer = Guid.NewGuid().ToString("N");
        var begin = new InitiateMultipartUploadRequest { BucketName = _options.Bucket, Key = name.Value };
        begin.Metadata.Add(WriterKey, writer);
        var upload = (await SendAsync(name, (_, token) => _client.InitiateMultipartUploadAsync(begin, token), cancellation)).UploadId;
        var isDone = false;
        try
        {
            var parts = await SendPartsAsync(name, upload, content, length, cancellation);
            var complete = new CompleteMultipartUploadRequest { BucketName = _options.Bucket, Key = name.Value, UploadId = upload, PartETags = parts, IfNoneMatch = "*" };
            return isDone = await CreateAsync(name, writer, token => CompleteAsync(complete, writer, token), cancellation);
        }
        finally
        {
            if (!isDone)
                await GiveUpAsync(name, upload);
        }
    }

    private async Task<List<PartETag>> SendPartsAsync(BlobName name, string upload, Stream content, long length, CancellationToken cancellation)
    {
        var parts = new List<PartETag>();
        var buffer = new byte[_options.PartBytes];
        for (var sent = 0L; sent < length;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - sent));
            await content.ReadExactlyAsync(part, cancellation);
            var (number, md5) = (parts.Count + 1, Md5(part.Span));
            var answer = await SendAsync(name, async (_, token) =>
            {
                using var body = ReadingStream.Of(part);
                return await _client.UploadPartAsync(new UploadPartRequest
                {
                    BucketName = _options.Bucket, Key = name.Value, UploadId = upload, PartNumber = number, PartSize = part.Length, InputStream = body, UseChunkEncoding = false, MD5Digest = md5,
                }, token);
            }, cancellation);
            parts.Add(new(number, answer.ETag));
            sent += part.Length;
        }
        return parts;
    }

    /// <summary>An upload that is no longer known may have been completed by an attempt whose answer was lost; the object tells.</summary>
    private async Task CompleteAsync(CompleteMultipartUploadRequest request, string writer, CancellationToken cancellation)
    {
        try { await _client.CompleteMultipartUploadAsync(request, cancellation); }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
        {
            var there = await HeadAsync(new(request.Key), cancellation);
            if (there?.Metadata[WriterKey] != writer)
                throw;
        }
    }

    private async Task GiveUpAsync(BlobName name, string upload)
    {
        var request = new AbortMultipartUploadRequest { BucketName = _options.Bucket, Key = name.Value, UploadId = upload };
        // Only tidies up: the failure that led here is what the caller has to see, and the bucket's rule removes what stays.
        try { await _client.AbortMultipartUploadAsync(request, CancellationToken.None); }
        catch (Exception e) when (e is Amazon.Runtime.AmazonServiceException or Amazon.Runtime.AmazonClientException or HttpRequestException or IOException) { }
    }
}
