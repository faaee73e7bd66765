namespace OrleansBackup.Demo.Processes;

/// <summary>Finds the other programs of the same build beside this one: <c>bin/&lt;project&gt;/&lt;configuration&gt;/&lt;project&gt;.dll</c>.</summary>
public static class ProgramFiles
{
    /// <param name="project">Its name; the program is called the same.</param>
    public static string Of(string project)
    {
        var mine = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(mine.Parent!.Parent!.FullName, project, mine.Name, project + ".dll");
    }
}
