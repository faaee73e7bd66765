using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrleansBackup.Portal.Hosting;

/// <summary>From a model to an answer.</summary>
public static class PageResults
{
    /// <summary>Draws a page. All of it is read before the first byte goes, so that an error is an error page and never half a page.</summary>
    public static IResult Show<TPage, TModel>(TModel model, int status = StatusCodes.Status200OK)
        where TPage : PortalPage<TModel> => new RazorComponentResult<TPage>(new Dictionary<string, object?> { [nameof(PortalPage<TModel>.Model)] = model })
        {
            StatusCode = status, PreventStreamingRendering = true,
        };

    /// <summary>After an act: the page that shows what came of it, so that reading it again does not do it again.</summary>
    public static IResult SeeOther(string address) => new SeeOtherResult(address);

    private sealed class SeeOtherResult(string address) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = address;
            return Task.CompletedTask;
        }
    }
}
