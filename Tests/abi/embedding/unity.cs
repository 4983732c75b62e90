// Stands in for Unity, and plays a few of its frames.
using System;
using System.Reflection;
using System.Threading;

namespace UnityEngine
{
    public class MonoBehaviour { }

    public static class Application
    {
        public static string persistentDataPath;
    }

    public static class Debug
    {
        public static string Said = "";

        public static void Log(object message)
        {
            Said += message;
            Console.WriteLine(message);
        }
    }
}

static class Program
{
    static void Tell(object component, string message) => component.GetType()
        .GetMethod(message, BindingFlags.Instance | BindingFlags.NonPublic).Invoke(component, null);

    static int Main(string[] arguments)
    {
        UnityEngine.Application.persistentDataPath = arguments[0];
        try
        {
            new AkoolClient("{\"no_such_key\":\"über\"}");
            return 1;
        }
        catch (InvalidOperationException error)
        {
            if (!error.Message.Contains("no_such_key")) return 2;
        }
        using (var client = new AkoolClient("{\"base_url\":\"simulator:\"}"))
        {
            ulong request = client.Submit("message.encode", "{}", "{\"tag\":\"über\"}");
            client.Cancel(request);
            string text = null;
            for (int frame = 0; frame < 3000 && (text = client.NextEvent()) == null; frame++) Thread.Sleep(10);
            Console.WriteLine(text);
        }
        var avatar = new Avatar();
        Tell(avatar, "OnEnable");
        for (int frame = 0; frame < 3000 && !UnityEngine.Debug.Said.Contains("SIMULATED-"); frame++)
        {
            Tell(avatar, "Update");
            Thread.Sleep(10);
        }
        Tell(avatar, "OnDisable");
        return 0;
    }
}
