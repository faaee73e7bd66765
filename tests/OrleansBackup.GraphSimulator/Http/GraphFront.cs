using Microsoft.AspNetCore.Http.Features;
using OrleansBackup.GraphSimulator.Admin;
using OrleansBackup.GraphSimulator.Drives;
using OrleansBackup.GraphSimulator.Exports;
using OrleansBackup.GraphSimulator.Identity;
using OrleansBackup.GraphSimulator.Mail;

namespace OrleansBackup.GraphSimulator.Http;

/// <summary>Where requests arrive: sorts them by service and puts answers on the wire, whole or damaged on order.</summary>
internal sealed class GraphFront(GraphPipeline pipeline, IdentityEndpoints identity, AdminEndpoints admin, UploadSessions uploads, ImportSessions imports, DriveUploads driveUploads, DriveDownloads downloads)
{
    private const string Version = "/v1.0";

    public async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        var root = $"{context.Request.Scheme}://{context.Request.Host}";
        if (path.StartsWith(Version + "/", StringComparison.OrdinalIgnoreCase))
            await GraphAsync(context, root + Version);
        else if (path.StartsWith("/_sim/", StringComparison.Ordinal))
            await admin.AnswerAsync(context);
        else if (path.StartsWith(UploadSessions.PathStart, StringComparison.Ordinal))
            await UploadAsync(context, path, root);
        else if (path.StartsWith(ImportSessions.PathStart, StringComparison.Ordinal))
            await ImportAsync(context, path, root);
        else if (path.StartsWith(DriveUploads.PathStart, StringComparison.Ordinal))
            await DriveUploadAsync(context, path, root);
        else if (path.StartsWith(DriveDownloads.PathStart, StringComparison.Ordinal))
            await DownloadAsync(context, path, root);
        else if (!await identity.TryAnswerAsync(context, root))
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private async Task GraphAsync(HttpContext context, string serviceRoot)
    {
        // The raw target: an escaped "$value" is not the same as a plain one.
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var headers = context.Request.Headers;
        var request = new GraphRequest
        {
            Method = context.Request.Method,
            RawPath = (query < 0 ? target : target[..query])[Version.Length..],
            QueryString = query < 0 ? "" : target[query..],
            Header = name => headers.TryGetValue(name, out var value) ? value.ToString() : null,
            Body = await BodyAsync(context),
            ServiceRoot = serviceRoot,
        };
        var response = await pipeline.SendAsync(request, context.RequestAborted);
        context.Response.Headers["request-id"] = Guid.NewGuid().ToString();
        if (headers.TryGetValue("client-request-id", out var clientRequestId) && headers["return-client-request-id"] == "true")
            context.Response.Headers["client-request-id"] = clientRequestId;
        await WriteAsync(context, response);
    }

    private async Task UploadAsync(HttpContext context, string path, string root)
    {
        var request = new GraphRequest { Method = context.Request.Method, RawPath = path, QueryString = context.Request.QueryString.Value ?? "", Header = _ => null, ServiceRoot = root };
        var body = await BodyAsync(context);
        if (uploads.FindOwner(path) is not var (caller, mailbox))
        {
            await WriteAsync(context, Answer());
            return;
        }
        request.Caller = caller;
        await WriteAsync(context, await pipeline.UploadAsync(request, mailbox, Answer, context.RequestAborted));

        GraphResponse Answer() => uploads.Answer(request.Method, path, context.Request.Query["authtoken"].ToString(), context.Request.Headers.ContentRange.ToString(), body);
    }

    private async Task ImportAsync(HttpContext context, string path, string root)
    {
        var owner = imports.FindOwner(path);
        var request = new GraphRequest
        {
            Method = context.Request.Method, RawPath = path, QueryString = context.Request.QueryString.Value ?? "", Header = _ => null, ServiceRoot = root, Caller = owner?.Caller,
            Body = await BodyAsync(context),
        };
        await WriteAsync(context, owner is null ? Answer() : await pipeline.UploadAsync(request, owner.Value.Mailbox, Answer, context.RequestAborted));

        GraphResponse Answer() => imports.Answer(request, context.Request.Query["authtoken"].ToString(), context.Request.Headers.Authorization.Count > 0);
    }

    private async Task DriveUploadAsync(HttpContext context, string path, string root)
    {
        var body = await BodyAsync(context);
        var headers = context.Request.Headers;
        if (driveUploads.FindOwner(path) is not { } caller)
            await WriteAsync(context, Answer());
        else
            await WriteAsync(context, await pipeline.UploadAsync(Outside(context, path, root, caller), mailbox: null, Answer, context.RequestAborted));

        GraphResponse Answer() => driveUploads.Answer(context.Request.Method, path, headers.Authorization.Count > 0, headers.ContentRange.ToString(), body);
    }

    private async Task DownloadAsync(HttpContext context, string path, string root)
    {
        var headers = context.Request.Headers;
        var address = context.Request.Query["tempauth"].ToString();
        if (downloads.FindCaller(address) is not { } caller)
            await WriteAsync(context, Answer());
        else
            await WriteAsync(context, await pipeline.UploadAsync(Outside(context, path, root, caller), mailbox: null, Answer, context.RequestAborted));

        GraphResponse Answer() => downloads.Answer(address, headers.Authorization.Count > 0, headers.Range.ToString(), headers.Accept.ToString());
    }

    private static GraphRequest Outside(HttpContext context, string path, string root, CallerIdentity caller) => new()
    {
        Method = context.Request.Method, RawPath = path, QueryString = context.Request.QueryString.Value ?? "", Header = _ => null, ServiceRoot = root, Caller = caller,
    };

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null or 0 && !context.Request.Headers.ContainsKey("Transfer-Encoding") && HttpMethods.IsGet(context.Request.Method))
            return default;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private static async Task WriteAsync(HttpContext context, GraphResponse response)
    {
        if (response.Delivery == Delivery.Reset)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = response.Status;
        foreach (var (name, value) in response.Headers)
            context.Response.Headers[name] = value;
        if (response.ContentType is not null)
            context.Response.ContentType = response.ContentType;
        if (response.Status == StatusCodes.Status204NoContent)
            return;
        if (response.Content is { } part)
        {
            await WritePartAsync(context, part, response.Delivery);
            return;
        }
        var body = response.Delivery == Delivery.Whole ? response.Body : response.Body[..(response.Body.Length / 2)];
        context.Response.ContentLength = response.Delivery == Delivery.Cut ? response.Body.Length : body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
        if (response.Delivery == Delivery.Cut)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    private static async Task WritePartAsync(HttpContext context, ContentPart part, Delivery delivery)
    {
        var length = delivery == Delivery.Whole ? part.Length : part.Length / 2;
        context.Response.ContentLength = delivery == Delivery.Cut ? part.Length : length;
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            for (var at = 0L; at < length;)
            {
                var piece = (int)Math.Min(buffer.Length, length - at);
                part.Source.Read(part.From + at, buffer.AsSpan(0, piece));
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, piece), context.RequestAborted);
                at += piece;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
        if (delivery == Delivery.Cut)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }
}
