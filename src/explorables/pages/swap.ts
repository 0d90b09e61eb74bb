import {mountAll} from "../frame/mount";
import {swapExplorable} from "../swap";

mountAll(swapExplorable);
