using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.ClientApi.Json;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Puts a problem on the wire. As problem details, whatever a program said it accepts: an error is not negotiable; a person who asked for a page gets a page.</summary>
internal static class ProblemWriter
{
    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        problem.Extensions["traceId"] = TraceId(context);
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Remove("ETag");
        if (context.RequestServices.GetService<IProblemPage>() is { } page && page.Answers(context.Request))
            return page.WriteAsync(context, problem, TraceId(context));
        return context.Response.WriteAsJsonAsync(problem, ApiJson.Options, "application/problem+json", context.RequestAborted);
    }

    /// <summary>The same problem inside an answer that has begun already, as an event of a stream.</summary>
    public static JsonElement AsJson(ProblemDetails problem, string traceId)
    {
        problem.Extensions["traceId"] = traceId;
        return JsonSerializer.SerializeToElement(problem, ApiJson.Options);
    }

    public static string TraceId(HttpContext context) => Activity.Current?.Id ?? context.TraceIdentifier;
}
