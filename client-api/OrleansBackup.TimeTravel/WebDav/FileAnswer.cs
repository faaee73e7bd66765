using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.WebDav;

/// <summary>Sends a file or a stretch of it, piece by piece as it comes verified from the vault.</summary>
/// <remarks>Conditions and ranges: RFC 9110, sections 13 and 14. Of several ranges at once none is taken: the whole file is a right answer too.</remarks>
internal static class FileAnswer
{
    public static async Task SendAsync(HttpContext context, Visit visit, PointFile file, CancellationToken cancellation)
    {
        var (response, asked, tag) = (context.Response, context.Request.GetTypedHeaders(), new EntityTagHeaderValue(DavAddress.Tag(visit, file)));
        var modified = Whole(file.Modified ?? visit.Opened.Sealed);
        var headers = response.GetTypedHeaders();
        (headers.ETag, headers.LastModified, headers.CacheControl) = (tag, modified, new CacheControlHeaderValue { Private = true, NoCache = true });
        response.Headers.AcceptRanges = "bytes";
        if (asked.IfMatch.Count > 0 && !asked.IfMatch.Any(one => one.Compare(tag, useStrongComparison: true)) || asked.IfMatch.Count == 0 && asked.IfUnmodifiedSince < modified)
        {
            response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }
        if (asked.IfNoneMatch.Any(one => one.Compare(tag, useStrongComparison: false)) || asked.IfNoneMatch.Count == 0 && asked.IfModifiedSince >= modified)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        DownloadHeaders.Set(response, file.ContentType, file.Name);
        var (from, length) = (0L, file.Size);
        if (asked.Range is { Unit.Value: "bytes", Ranges.Count: 1 } range && IsStillWanted(asked, tag, modified))
        {
            if (Stretch(range.Ranges.Single(), file.Size) is not { } stretch)
            {
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Size}");
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }
            (from, length) = stretch;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{file.Size}");
        }
        response.ContentLength = length;
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        visit.Read(length);
        await using var pieces = await PieceStream.OpenAsync(file.ReadAsync(visit.Point, from, length, cancellation), cancellation);
        await pieces.CopyToAsync(response.Body, cancellation); // too few bytes cut the connection: the length was promised
    }

    private static bool IsStillWanted(RequestHeaders asked, EntityTagHeaderValue tag, DateTimeOffset modified) =>
        asked.IfRange is not { } only || (only.EntityTag?.Compare(tag, useStrongComparison: true) ?? only.LastModified == modified);

    /// <returns>Null: nothing of the file lies in it.</returns>
    private static (long From, long Length)? Stretch(RangeItemHeaderValue range, long size) => range switch
    {
        { From: { } from } => from < size ? (from, Math.Min(range.To ?? long.MaxValue, size - 1) - from + 1) : null,
        { To: { } last } => last > 0 && size > 0 ? (Math.Max(0, size - last), Math.Min(last, size)) : null,
        _ => null,
    };

    // Headers hold whole seconds.
    private static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
