using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OrleansBackup.ClientApi.Security.Limits;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.TimeTravel.Reading;
using OrleansBackup.TimeTravel.Visits;

namespace OrleansBackup.TimeTravel.WebDav;

/// <summary>An opened restore point as folders and files: WebDAV of class 1 (RFC 4918), of which everything that would write is refused.</summary>
/// <remarks>Signed in with HTTP Basic and the opening's own name and password: an API key opens nothing here, and these open nothing of the API.</remarks>
internal static class WebDavEndpoints
{
    private const string Propfind = "PROPFIND", Allowed = "OPTIONS, GET, HEAD, PROPFIND";

    /// <summary>What changes something or would, in any extension of WebDAV: understood, and refused. Any other method is not known here.</summary>
    private static readonly string[] Writing =
        ["PUT", "DELETE", "POST", "PATCH", "MKCOL", "COPY", "MOVE", "PROPPATCH", "LOCK", "UNLOCK", "ACL", "MKCALENDAR", "BIND", "UNBIND", "REBIND", "VERSION-CONTROL", "CHECKOUT", "CHECKIN"];

    public static void MapWebDav(this IEndpointRouteBuilder app) => app.MapMethods(
        $"{DavAddress.Root}{{opening}}/{{**path}}", [HttpMethods.Options, HttpMethods.Get, HttpMethods.Head, Propfind, .. Writing], EnterAsync).AllowAnonymous().WithMetadata(new CountsStrangers()).ExcludeFromDescription();

    private static async Task EnterAsync(HttpContext context, string opening, Visitors visitors, KeptReadings kept, RequestLimits limits, string? path = null)
    {
        var (user, password) = Credentials(context.Request);
        // The name in the address and that of the sign-in are one: what is remembered for one address must open no other.
        var (entry, visit) = user is not null && user == opening
            ? await visitors.EnterAsync(user, password, OpeningProtocol.WebDav, context.Connection.RemoteIpAddress ?? IPAddress.None, context.RequestAborted)
            : (Entry.Refused, null);
        if (visit is null)
        {
            if (limits.CountStranger(context) is { } wait)
                await RequestLimits.RefuseAsync(context, wait);
            else
                Refuse(context.Response, entry);
            return;
        }
        using (visit)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, visit.Ended);
            try
            {
                await AnswerAsync(context, visit, opening, path ?? "", kept, either.Token);
            }
            catch (OperationCanceledException) when (visit.Ended.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
            {
                Cut(context);
            }
        }
    }

    private static async Task AnswerAsync(HttpContext context, Visit visit, string opening, string path, KeptReadings kept, CancellationToken cancellation)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers["DAV"] = "1";
        response.Headers["MS-Author-Via"] = "DAV"; // Windows opens nothing else as a folder
        if (HttpMethods.IsOptions(request.Method))
        {
            response.Headers.Allow = Allowed;
            return;
        }
        if (Array.IndexOf(Writing, request.Method) >= 0)
        {
            response.Headers.Allow = Allowed;
            await ErrorAsync(response, StatusCodes.Status403Forbidden, "cannot-modify-protected-property", cancellation);
            return;
        }
        var top = await kept.GetAsync($"folders {visit.Opened.Point} {visit.Opened.Run}",
            async () => PointFolder.Top(await visit.Point.ListFolders(visit.Ended), _ => true, _ => null), folders => folders.Below.Count(), cancellation);
        if (await DavAddress.FindAsync(top, path, folder => FolderFiles.OfAsync(visit, folder, kept, cancellation)) is not { } found)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (request.Method == Propfind)
            await PropfindAsync(context, visit, opening, found.Folder, found.File, kept, cancellation);
        else if (found.File is { } file)
            await FileAnswer.SendAsync(context, visit, file, cancellation);
        else
        {
            response.Headers.Allow = Allowed;
            response.StatusCode = StatusCodes.Status405MethodNotAllowed; // a folder is looked into with PROPFIND
        }
    }

    private static async Task PropfindAsync(HttpContext context, Visit visit, string opening, PointFolder folder, PointFile? file, KeptReadings kept, CancellationToken cancellation)
    {
        var depth = context.Request.Headers["Depth"].ToString();
        if (depth is not ("0" or "1"))
        {
            // Section 9.1: a server may refuse to walk the whole tree at once.
            await (depth.Length == 0 || depth.Equals("infinity", StringComparison.OrdinalIgnoreCase)
                ? ErrorAsync(context.Response, StatusCodes.Status403Forbidden, "propfind-finite-depth", cancellation)
                : ErrorAsync(context.Response, StatusCodes.Status400BadRequest, null, cancellation));
            return;
        }
        PropfindRequest wanted;
        try
        {
            wanted = await PropfindRequest.ReadAsync(context.Request, cancellation);
        }
        catch (XmlException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        // Read before the answer begins, so that what cannot be read is an error and not a short list.
        var files = file is null && depth == "1" ? (await FolderFiles.OfAsync(visit, folder, kept, cancellation)).Files : [];
        visit.Listed();
        context.Response.StatusCode = StatusCodes.Status207MultiStatus;
        context.Response.ContentType = "application/xml; charset=utf-8";
        await using var answer = new MultistatusWriter(context.Response.Body);
        await answer.BeginAsync();
        var path = folder.Path;
        await answer.WriteAsync(file is null ? Of(folder) : Of(file), wanted);
        if (depth == "1" && file is null)
        {
            foreach (var child in folder.Children)
                await answer.WriteAsync(Of(child), wanted);
            foreach (var one in files)
            {
                cancellation.ThrowIfCancellationRequested();
                await answer.WriteAsync(Of(one), wanted);
            }
        }
        await answer.EndAsync();

        DavResource Of(object one) => one is PointFile f
            ? new DavResource(DavAddress.Of(opening, path.Add(f.Name), isFolder: false), f.Name, f.Size, f.ContentType, f.Modified ?? visit.Opened.Sealed, DavAddress.Tag(visit, f))
            : OfFolder((PointFolder)one);
        DavResource OfFolder(PointFolder one) => new(DavAddress.Of(opening, one.Path, isFolder: true), one.Name, null, null, visit.Opened.Sealed, null);
    }

    private static async Task ErrorAsync(HttpResponse response, int status, string? condition, CancellationToken cancellation)
    {
        response.StatusCode = status;
        if (condition is null)
            return;
        response.ContentType = "application/xml; charset=utf-8";
        await response.WriteAsync($"""<?xml version="1.0" encoding="utf-8"?><D:error xmlns:D="DAV:"><D:{condition}/></D:error>""", Encoding.UTF8, cancellation);
    }

    private static void Refuse(HttpResponse response, Entry entry)
    {
        if (entry == Entry.NotListenedTo)
        {
            response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        response.StatusCode = StatusCodes.Status401Unauthorized;
        response.Headers.WWWAuthenticate = "Basic realm=\"OrleansBackup, opened restore point\", charset=\"UTF-8\"";
    }

    private static void Cut(HttpContext context)
    {
        if (!context.Response.HasStarted)
            Refuse(context.Response, Entry.Refused);
        else
            context.Abort(); // so that a part is not taken for the whole
    }

    private static (string? User, string Password) Credentials(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return (null, "");
        var bytes = new byte[header.Parameter?.Length ?? 0];
        if (!Convert.TryFromBase64String(header.Parameter ?? "", bytes, out var length))
            return (null, "");
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (null, "") : (text[..colon], text[(colon + 1)..]);
    }
}
