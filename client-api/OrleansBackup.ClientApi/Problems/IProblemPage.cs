using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Shows a problem to a person. Whoever hosts pages beside the API brings one; without it every answer is problem details.</summary>
public interface IProblemPage
{
    /// <summary>Whether a person asked, for a page.</summary>
    bool Answers(HttpRequest request);

    /// <param name="traceId">What the server's log has the problem under.</param>
    Task WriteAsync(HttpContext context, ProblemDetails problem, string traceId);
}
