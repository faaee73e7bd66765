using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Problems;

/// <summary>A problem as a page, for whoever asked in a browser and not under the API. Who is not signed in is led to where he can.</summary>
internal sealed class ProblemPages : IProblemPage
{
    public bool Answers(HttpRequest request) => !IsOfPrograms(request.Path)
        && request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    public Task WriteAsync(HttpContext context, ProblemDetails problem, string traceId)
    {
        PortalHosting.SetHeaders(context.Response);
        if (problem.Status == StatusCodes.Status401Unauthorized && HttpMethods.IsGet(context.Request.Method) && context.CallerOrNull() is null && !context.Request.Path.StartsWithSegments("/sign-in", StringComparison.Ordinal))
            return PageResults.SeeOther($"/sign-in?returnTo={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}").ExecuteAsync(context);
        var status = problem.Status ?? StatusCodes.Status500InternalServerError;
        return PageResults.Show<ProblemPage, ProblemModel>(new ProblemModel(status, problem.Title ?? "", problem.Detail ?? "", traceId), status).ExecuteAsync(context);
    }

    private static bool IsOfPrograms(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal) || path.StartsWithSegments("/operations", StringComparison.Ordinal) || path.StartsWithSegments("/openapi", StringComparison.Ordinal);
}

/// <param name="Detail">What to do, in the service's own words.</param>
public sealed record ProblemModel(int Status, string Title, string Detail, string TraceId);
